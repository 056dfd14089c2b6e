package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes a Cog server's output one of ours: files that were uploaded and files in data URLs become files in the job's work
 * folder. One job, one thread.
 */
final class CogOutputs {

    private final boolean mayHoldFiles;
    private final CogUploads uploads;
    private final Path folder;
    private int number;

    /** @param folder where files are put */
    CogOutputs(CogSchema schema, CogUploads uploads, Path folder) {
        this.mayHoldFiles = schema.givesFiles();
        this.uploads = uploads;
        this.folder = folder;
    }

    /** @throws ModelException if a file is not to be had */
    Object convert(JsonNode output) throws ModelException {
        if (output.isTextual()) {
            return text(output);
        }
        if (output.isArray()) {
            List<Object> list = new ArrayList<>(output.size());
            for (JsonNode one : output) {
                list.add(convert(one));
            }
            return list;
        }
        if (output.isObject()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (var field : output.properties()) {
                fields.put(field.getKey(), convert(field.getValue()));
            }
            return fields;
        }
        return output;
    }

    private Object text(JsonNode output) throws ModelException {
        String text = output.textValue();
        CogUploads.Upload upload = uploads.take(text);
        try {
            if (upload != null) {
                Path file = place(Objects.requireNonNull(upload.path().getFileName()).toString());
                Files.move(upload.path(), file);
                CogUploads.remove(upload.path());
                return new OutputFile(file, upload.contentType());
            }
            if (mayHoldFiles && text.startsWith("data:")) {
                return decode(text);
            }
        } catch (IOException e) {
            throw new ModelException("the output file could not be kept", e);
        }
        if (mayHoldFiles && (text.startsWith("/tmp/") || text.startsWith("file://"))) {
            throw new ModelException(
                    "the Cog server gave a path inside its container instead of a file: start it with --upload-url");
        }
        return output;
    }

    private Object decode(String url) throws IOException, ModelException {
        int comma = url.indexOf(',');
        String head = comma < 0 ? "" : url.substring("data:".length(), comma);
        if (!head.endsWith(";base64")) {
            throw new ModelException("the Cog server gave a file as a data URL that is not in Base64");
        }
        String type = CogNames.type(head.substring(0, head.length() - ";base64".length()));
        try {
            byte[] bytes = Base64.getDecoder().decode(url.substring(comma + 1));
            return new OutputFile(Files.write(place("output." + CogNames.extension(type)), bytes), type);
        } catch (IllegalArgumentException e) {
            throw new ModelException("the Cog server gave a file as a data URL that is not valid Base64", e);
        }
    }

    // Each in a folder of its own: models call every file out.png.
    private Path place(String name) throws IOException {
        return Files.createDirectories(folder.resolve("cog-output-" + number++)).resolve(name);
    }
}
