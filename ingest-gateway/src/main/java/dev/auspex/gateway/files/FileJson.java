package dev.auspex.gateway.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileUrls;
import dev.auspex.runtime.files.StoredFile;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders uploads as Replicate's Files API shows them. */
final class FileJson {

    private FileJson() {}

    static ObjectNode file(StoredFile file, String baseUrl) {
        ObjectNode json = Json.object();
        json.put("id", file.id().value());
        json.put("name", file.name());
        json.put("content_type", file.contentType());
        json.put("size", file.size());
        json.put("etag", file.md5());
        json.putObject("checksums").put("sha256", file.sha256()).put("md5", file.md5());
        json.set("metadata", file.metadata());
        json.put("created_at", file.createdAt().truncatedTo(ChronoUnit.MILLIS).toString());
        if (file.expiresAt() != null) {
            json.put("expires_at", file.expiresAt().truncatedTo(ChronoUnit.MILLIS).toString());
        }
        json.putObject("urls").put("get", FileUrls.upload(baseUrl, file.id()));
        return json;
    }

    /**
     * @param next address of the page with older ones; {@code null} on the last
     * @param previous address of the page with newer ones; {@code null} on the first
     */
    static ObjectNode page(List<StoredFile> files, String baseUrl, @Nullable String next, @Nullable String previous) {
        ObjectNode json = Json.object();
        json.put("next", next);
        json.put("previous", previous);
        var results = json.putArray("results");
        files.forEach(file -> results.add(file(file, baseUrl)));
        return json;
    }
}
