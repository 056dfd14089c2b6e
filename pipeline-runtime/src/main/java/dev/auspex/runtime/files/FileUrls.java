package dev.auspex.runtime.files;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The public addresses of stored files, in one place so that who writes them and who recognises them agree. */
public final class FileUrls {

    /** Path of an upload's description; needs a token. */
    public static final String UPLOADS = "/v1/files/";
    /** Path of a model's output; the unguessable id is the permission. */
    public static final String OUTPUTS = "/files/";

    private FileUrls() {}

    /** Where a model's output is downloaded. @param baseUrl the API's public address without a trailing slash */
    public static String output(String baseUrl, StoredFile file) {
        // Clients would resolve a dot segment away, however it is encoded.
        String shown = file.name().matches("\\.{0,2}") ? "file" : file.name();
        String name = URLEncoder.encode(shown, StandardCharsets.UTF_8).replace("+", "%20");
        return baseUrl + OUTPUTS + file.id() + "/" + name;
    }

    /** What an upload's {@code urls.get} shows. */
    public static String upload(String baseUrl, FileId id) {
        return baseUrl + UPLOADS + id;
    }

    /** The stored file that an address of this installation names, upload or output; empty for any other address. */
    public static Optional<FileId> parse(String baseUrl, String url) {
        for (String path : new String[] {UPLOADS, OUTPUTS}) {
            String start = baseUrl + path;
            if (url.startsWith(start)) {
                String id = url.substring(start.length()).split("[/?#]", 2)[0];
                return FileId.isValid(id) ? Optional.of(new FileId(id)) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
