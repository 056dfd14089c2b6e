package dev.auspex.executor.cog;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Output files that Cog servers have put here ({@code --upload-url}) until the prediction that names them ends. Cog sends
 * nothing but a base name, so two predictions may send the same one: each upload gets an address of its own, which the
 * server then puts into the output. What nobody claims is removed after a while. Safe for any thread.
 */
final class CogUploads {

    /** Begins the path of upload addresses. */
    static final String PATH = "/uploads/";

    private static final Logger LOG = LoggerFactory.getLogger(CogUploads.class);
    private static final Duration KEPT = Duration.ofMinutes(30);
    private static final int MOST = 1024;

    private final Path folder;
    private final long maxBytes;
    private final SecureRandom random = new SecureRandom();
    private final Set<String> words = ConcurrentHashMap.newKeySet();
    private final Map<String, Upload> waiting = new ConcurrentHashMap<>();

    /**
     * A file that came.
     *
     * @param path where it is; whoever takes it removes it
     * @param contentType as the server said
     */
    record Upload(Path path, String contentType, long atNanos) {}

    /**
     * @param folder for the files
     * @param maxBytes of one file
     */
    CogUploads(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    /** Lets servers that know this word in. */
    void allow(String word) {
        words.add(word);
    }

    /** Lets them in no longer. */
    void forbid(String word) {
        words.remove(word);
    }

    /** The file behind an address that {@link #receive} gave; {@code null} if it is none, or was taken before. */
    @Nullable Upload take(String url) {
        int at = url.indexOf(PATH);
        if (at < 0 || !url.startsWith("http://")) {
            return null;
        }
        String[] parts = url.substring(at + PATH.length()).split("/", 3);
        return parts.length == 3 ? waiting.remove(parts[1]) : null;
    }

    /** {@code PUT /uploads/<word>/<name>}: the file's address is in the answer's {@code Location}. */
    void receive(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getRawPath().substring(PATH.length()).split("/", 2);
        if (path.length < 2 || !words.contains(path[0])) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        if (!exchange.getRequestMethod().equals("PUT")) {
            exchange.sendResponseHeaders(405, -1);
            return;
        }
        forgetOld();
        if (waiting.size() >= MOST) {
            exchange.sendResponseHeaders(507, -1);
            return;
        }
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        Path file = Files.createDirectories(folder.resolve(id)).resolve(CogNames.file(path[1]));
        if (!save(exchange.getRequestBody(), file)) {
            remove(file);
            exchange.sendResponseHeaders(413, -1);
            return;
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        waiting.put(id, new Upload(file, CogNames.type(type), System.nanoTime()));
        String host = exchange.getRequestHeaders().getFirst("Host");
        exchange.getResponseHeaders().set("Location", "http://" + host + PATH + path[0] + "/" + id + "/" + file.getFileName());
        exchange.sendResponseHeaders(201, -1);
    }

    private boolean save(InputStream from, Path file) throws IOException {
        try (OutputStream to = Files.newOutputStream(file)) {
            byte[] piece = new byte[1 << 16];
            long size = 0;
            for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
                size += read;
                if (size > maxBytes) {
                    return false;
                }
                to.write(piece, 0, read);
            }
            return true;
        } catch (IOException broken) {
            remove(file);
            throw broken;
        }
    }

    private void forgetOld() {
        long now = System.nanoTime();
        waiting.forEach((id, upload) -> {
            if (now - upload.atNanos() > KEPT.toNanos() && waiting.remove(id, upload)) {
                remove(upload.path());
            }
        });
    }

    /** Removes a file and the folder it has for itself. */
    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
            Path own = file.getParent();
            if (own != null) {
                Files.deleteIfExists(own);
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("file", file.getFileName()).setCause(e).log("upload not removed");
        }
    }
}
