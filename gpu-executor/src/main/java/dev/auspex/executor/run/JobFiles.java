package dev.auspex.executor.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.CanceledException;
import dev.auspex.model.OutputFile;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.FileUrls;
import dev.auspex.runtime.files.StorageAwayException;
import dev.auspex.runtime.files.StoredFile;
import dev.auspex.runtime.net.GuardedDownload;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of jobs: brings inputs into the work folder (data URIs, this installation's own files, downloads) and output
 * files into the store. Safe for any thread; blocks.
 *
 * @param store the installation's files
 * @param download for other addresses
 * @param maxBytes the largest input file
 */
public record JobFiles(FileStore store, GuardedDownload download, long maxBytes) {

    private static final Logger LOG = LoggerFactory.getLogger(JobFiles.class);
    private static final Duration DOWNLOAD_LIMIT = Duration.ofSeconds(60);
    /** How long an output waits for a file store that is away: what took minutes on a GPU is not thrown away for that. */
    private static final Duration STORE_LIMIT = Duration.ofMinutes(15);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** How an attempt waits. */
    @FunctionalInterface
    interface Waiting {
        /** @throws CanceledException if the attempt has to stop */
        void pause(Duration time) throws CanceledException;
    }

    /**
     * A local copy of what a URL in a job's input names.
     *
     * @throws java.io.InterruptedIOException if the attempt has to stop
     * @throws IOException with a sentence for the client
     */
    Path fetch(Attempt attempt, String field, String url) throws IOException {
        Job job = attempt.job();
        Path target = attempt.folder().path().resolve("input-" + field);
        if (url.regionMatches(true, 0, "data:", 0, 5)) {
            return decode(url, target);
        }
        Optional<FileId> own = FileUrls.parse(job.baseUrl(), url);
        if (own.isPresent()) {
            return copy(job, own.get(), target);
        }
        download.fetch(url, target, maxBytes, DOWNLOAD_LIMIT, attempt::isCanceled);
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
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING); // there already when the job is tried again
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
     * A model's output as JSON; files are stored and become URLs. A store that is away is waited for.
     *
     * @param waiting of the attempt, so that a cancellation ends it
     * @throws OutputException if a file cannot be stored, or the value is nothing JSON can say
     */
    JsonNode toJson(Job job, Object value, Waiting waiting) {
        return switch (value) {
            case JsonNode node -> node;
            case OutputFile file -> Json.mapper().getNodeFactory().textNode(store(job, file, waiting));
            case Iterable<?> list -> {
                ArrayNode array = Json.mapper().createArrayNode();
                list.forEach(element -> array.add(toJson(job, element, waiting)));
                yield array;
            }
            case Map<?, ?> fields -> {
                ObjectNode object = Json.object();
                fields.forEach((name, element) -> object.set(String.valueOf(name), toJson(job, element, waiting)));
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

    private String store(Job job, OutputFile file, Waiting waiting) {
        FileStore.NewFile description = new FileStore.NewFile(
                job.account(),
                StoredFile.Kind.OUTPUT,
                file.path().getFileName().toString(),
                file.contentType(),
                Json.object(),
                null);
        try {
            return FileUrls.output(job.baseUrl(), stored(job, description, file.path(), waiting));
        } catch (IOException | CanceledException e) {
            throw new OutputException("the output file could not be stored", true, e);
        }
    }

    private StoredFile stored(Job job, FileStore.NewFile description, Path file, Waiting waiting)
            throws IOException, CanceledException {
        long deadline = System.nanoTime() + STORE_LIMIT.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try (InputStream content = Files.newInputStream(file)) {
                return store.put(description, content);
            } catch (StorageAwayException e) {
                if (System.nanoTime() + pause.toNanos() > deadline) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("prediction", job.id())
                        .addKeyValue("cause", e.getMessage())
                        .log("output waits for the file store");
            }
            waiting.pause(pause);
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        }
    }
}
