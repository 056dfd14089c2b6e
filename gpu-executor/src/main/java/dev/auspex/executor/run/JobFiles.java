package dev.auspex.executor.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.OutputFile;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.FileUrls;
import dev.auspex.runtime.files.StoredFile;
import dev.auspex.runtime.net.GuardedDownload;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The files of jobs: brings inputs into the work folder (data URIs, this installation's own files, downloads) and output
 * files into the store. Safe for any thread; blocks.
 *
 * @param store the installation's files
 * @param download for other addresses
 * @param maxBytes the largest input file
 */
public record JobFiles(FileStore store, GuardedDownload download, long maxBytes) {

    private static final Duration DOWNLOAD_LIMIT = Duration.ofSeconds(60);

    /**
     * A local copy of what a URL in a job's input names.
     *
     * @throws IOException with a sentence for the client
     */
    Path fetch(Job job, WorkFolder folder, String field, String url) throws IOException {
        Path target = folder.path().resolve("input-" + field);
        if (url.regionMatches(true, 0, "data:", 0, 5)) {
            return decode(url, target);
        }
        Optional<FileId> own = FileUrls.parse(job.baseUrl(), url);
        if (own.isPresent()) {
            return copy(job, own.get(), target);
        }
        download.fetch(url, target, maxBytes, DOWNLOAD_LIMIT);
        return target;
    }

    private Path copy(Job job, FileId id, Path target) throws IOException {
        // Another account's file and no file look the same: ids must not tell what exists.
        Optional<StoredFile> file = store.find(id).filter(found -> found.account().equals(job.account()));
        if (file.isEmpty()) {
            throw new IOException("there is no file " + id + " in this account, or it has expired");
        }
        if (file.get().size() > maxBytes) {
            throw tooLarge();
        }
        try (InputStream content = store.open(id)) {
            Files.copy(content, target);
        }
        return target;
    }

    private Path decode(String url, Path target) throws IOException {
        int comma = url.indexOf(',');
        if (comma < 0) {
            throw new IOException("not a valid data URI: no comma");
        }
        String data = url.substring(comma + 1);
        if (data.length() / 4 * 3L > maxBytes + 3) {
            throw tooLarge();
        }
        boolean base64 = url.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(";base64");
        try {
            byte[] bytes = base64
                    ? Base64.getMimeDecoder().decode(data.replace("%2B", "+").replace("%2F", "/").replace("%3D", "="))
                    : URLDecoder.decode(data.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
                            .getBytes(StandardCharsets.ISO_8859_1);
            return Files.write(target, bytes);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a valid data URI", e);
        }
    }

    private IOException tooLarge() {
        return new IOException("the file is larger than " + maxBytes + " bytes");
    }

    /**
     * A model's output as JSON; files are stored and become URLs.
     *
     * @throws OutputException if a file cannot be stored, or the value is nothing JSON can say
     */
    JsonNode toJson(Job job, Object value) {
        return switch (value) {
            case JsonNode node -> node;
            case OutputFile file -> Json.mapper().getNodeFactory().textNode(store(job, file));
            case Iterable<?> list -> {
                ArrayNode array = Json.mapper().createArrayNode();
                list.forEach(element -> array.add(toJson(job, element)));
                yield array;
            }
            case Map<?, ?> fields -> {
                ObjectNode object = Json.object();
                fields.forEach((name, element) -> object.set(String.valueOf(name), toJson(job, element)));
                yield object;
            }
            default -> tree(value);
        };
    }

    private static JsonNode tree(Object value) {
        try {
            return Json.tree(value);
        } catch (IllegalArgumentException e) {
            throw new OutputException("the model gave a " + value.getClass().getName(), false, e);
        }
    }

    private String store(Job job, OutputFile file) {
        FileStore.NewFile description = new FileStore.NewFile(
                job.account(),
                StoredFile.Kind.OUTPUT,
                file.path().getFileName().toString(),
                file.contentType(),
                Json.object(),
                null);
        try (InputStream content = Files.newInputStream(file.path())) {
            return FileUrls.output(job.baseUrl(), store.put(description, content));
        } catch (IOException e) {
            throw new OutputException("the output file could not be stored", true, e);
        }
    }
}
