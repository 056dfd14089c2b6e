package dev.auspex.executor.cog;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** File names and types as Cog servers need and give them. */
final class CogNames {

    private static final int LONGEST = 100;
    private static final String ANY_TYPE = "application/octet-stream";
    private static final Map<String, String> EXTENSIONS = Map.of(
            "jpeg", "jpg",
            "svg+xml", "svg",
            "plain", "txt",
            "mpeg", "mp3",
            "quicktime", "mov",
            "x-wav", "wav",
            "x-matroska", "mkv",
            "octet-stream", "bin",
            "x-tar", "tar");

    private CogNames() {}

    /** The last part of a URL's path as a file name that is safe here and in a URL. */
    static String ofUrl(String url) {
        String path = url.split("[?#]", 2)[0];
        int scheme = path.indexOf("://");
        int slash = path.lastIndexOf('/');
        return slash > scheme + 2 ? file(path.substring(slash + 1)) : "file";
    }

    /** A file name that is safe here and in a URL. */
    static String file(String raw) {
        String name = raw;
        try {
            name = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            // then it is meant as it stands
        }
        String safe = name.substring(name.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^\\.+", "");
        return safe.isEmpty() ? "file" : safe.length() <= LONGEST ? safe : safe.substring(safe.length() - LONGEST);
    }

    /** A content type, or the one for anything. */
    static String type(@Nullable String said) {
        String type = said == null ? "" : said.strip().toLowerCase(Locale.ROOT);
        // Old servers write data:None when they do not know.
        return type.matches("[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}(;.{0,100})?") ? type : ANY_TYPE;
    }

    /** The extension for a content type, without dot. */
    static String extension(String type) {
        String subtype = type.substring(type.indexOf('/') + 1).split(";", 2)[0].strip();
        String known = EXTENSIONS.get(subtype);
        return known != null ? known : subtype.matches("[a-z0-9]{1,8}") ? subtype : "bin";
    }
}
