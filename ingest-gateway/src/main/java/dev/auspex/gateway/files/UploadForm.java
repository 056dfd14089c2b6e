package dev.auspex.gateway.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.FieldProblems;
import dev.auspex.gateway.domain.FiniteNumbers;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The fields of {@code POST /v1/files} besides the bytes of {@code content}, in whatever order and dress clients send
 * them: {@code metadata} may be a plain field or, from JavaScript, a file. Fields nobody knows are passed over.
 */
final class UploadForm {

    static final String CONTENT = "content";
    private static final String DEFAULT_NAME = "upload";
    private static final String DEFAULT_TYPE = "application/octet-stream";
    private static final int MAX_FIELD_BYTES = 64 * 1024;
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_TYPE_CHARACTERS = 255;
    private static final Pattern TYPE =
            Pattern.compile("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+[ -~]*");

    private final Map<String, byte[]> fields = new HashMap<>();
    private Optional<String> partName = Optional.empty();
    private Optional<String> partType = Optional.empty();

    /** Keeps what the headers of the {@code content} part say. */
    void describe(MultipartReader.Part content) {
        partName = content.filename();
        partType = content.contentType();
    }

    /** Keeps a part that is not {@code content}. @throws ApiException if it is too long or came before */
    void add(MultipartReader.Part part) throws IOException {
        byte[] value = bounded(part);
        if (fields.putIfAbsent(part.name(), value) != null) {
            throw ApiException.invalid(shown(part.name()), "duplicate", "is given twice");
        }
    }

    /** What the store is told. @throws ApiException with the field that is wrong */
    FileStore.NewFile file(AccountId account, Instant expiresAt) {
        return new FileStore.NewFile(account, StoredFile.Kind.UPLOAD, name(), type(), metadata(), expiresAt);
    }

    private String name() {
        Optional<String> field = text("filename");
        String given = field.or(() -> partName).orElse(DEFAULT_NAME);
        // Some clients send the path on their machine: only the name is of interest, and safe.
        String name = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1).strip();
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw ApiException.invalid("filename", "invalid", "expected a file name that is not empty");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw ApiException.invalid("filename", "invalid", "expected a file name without control characters");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw ApiException.invalid("filename", "too_long", "expected at most " + MAX_NAME_BYTES + " bytes of UTF-8");
        }
        return name;
    }

    private String type() {
        String type = text("type").or(() -> partType).orElse(DEFAULT_TYPE);
        if (type.length() > MAX_TYPE_CHARACTERS || !TYPE.matcher(type).matches()) {
            throw ApiException.invalid("type", "invalid", "expected a MIME type such as image/png");
        }
        return type;
    }

    private ObjectNode metadata() {
        byte[] json = fields.get("metadata");
        if (json == null || json.length == 0) {
            return Json.object();
        }
        try {
            JsonNode node = Json.parse(json);
            if (node instanceof ObjectNode object) {
                FieldProblems problems = new FieldProblems();
                FiniteNumbers.check(object, "metadata", problems);
                problems.throwIfAny(ApiError.INVALID_REQUEST);
                return object;
            }
        } catch (IOException e) {
            // refused below like any other text that is not an object
        }
        throw ApiException.invalid("metadata", "invalid", "expected a JSON object");
    }

    private Optional<String> text(String field) {
        return Optional.ofNullable(fields.get(field))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .filter(value -> !value.isEmpty());
    }

    private static byte[] bounded(MultipartReader.Part part) throws IOException {
        try (InputStream content = part.content()) {
            byte[] value = content.readNBytes(MAX_FIELD_BYTES + 1);
            if (value.length > MAX_FIELD_BYTES) {
                throw ApiException.invalid(
                        shown(part.name()), "too_long", "expected at most " + MAX_FIELD_BYTES + " bytes");
            }
            return value;
        }
    }

    private static String shown(String name) {
        return name.length() > 64 ? name.substring(0, 64) : name;
    }
}
