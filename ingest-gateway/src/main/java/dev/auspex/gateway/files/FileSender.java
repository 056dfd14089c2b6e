package dev.auspex.gateway.files;

import dev.auspex.gateway.domain.ApiException;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.StorageAwayException;
import dev.auspex.runtime.files.StoredFile;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers with a file's bytes: whole, in part (RFC 9110 §14) or not at all when the client has them (§13). Called on the
 * event loop. What it sends may come from anybody, so no browser may run it on the API's origin.
 */
final class FileSender {

    /** Who may keep the bytes and how a browser should take them. */
    enum Audience {
        /** A model's output: its address is the permission. */
        PUBLIC("public,max-age=3600", "inline"),
        /** An upload: for its owner only. */
        PRIVATE("private,no-store", "attachment");

        private final String cacheControl;
        private final String disposition;

        Audience(String cacheControl, String disposition) {
            this.cacheControl = cacheControl;
            this.disposition = disposition;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(FileSender.class);
    private static final int CHUNK_BYTES = 64 * 1024;

    private final FileStore files;

    FileSender(FileStore files) {
        this.files = files;
    }

    void send(RoutingContext ctx, StoredFile file, Audience audience) {
        HttpServerResponse response = ctx.response();
        String etag = "\"" + file.md5() + "\"";
        response.putHeader(HttpHeaders.ETAG, etag)
                .putHeader(HttpHeaders.CACHE_CONTROL, audience.cacheControl)
                .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
                .putHeader("Content-Security-Policy", "sandbox")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (audience == Audience.PUBLIC) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                    .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "Content-Length, Content-Range, ETag")
                    .putHeader("Cross-Origin-Resource-Policy", "cross-origin");
        }
        String known = ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH);
        if (known != null && matches(known, etag)) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.contentType())
                .putHeader("Content-Disposition", disposition(audience.disposition, file.name()));
        try {
            Optional<ByteRange> range = range(ctx, file, etag);
            range.ifPresent(part -> response.setStatusCode(206)
                    .putHeader(HttpHeaders.CONTENT_RANGE, part.contentRange(file.size())));
            body(ctx, file, range.orElse(new ByteRange(0, file.size())));
        } catch (ByteRange.UnsatisfiableException e) {
            response.setStatusCode(416)
                    .putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + file.size())
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .end("{\"title\":\"Range not satisfiable\",\"detail\":\"The file has " + file.size()
                            + " bytes.\",\"status\":416}");
        }
    }

    private static Optional<ByteRange> range(RoutingContext ctx, StoredFile file, String etag)
            throws ByteRange.UnsatisfiableException {
        String header = ctx.request().getHeader("Range");
        String condition = ctx.request().getHeader("If-Range");
        if (header == null || (condition != null && !condition.strip().equals(etag))) {
            return Optional.empty();
        }
        return ByteRange.parse(header, file.size());
    }

    private void body(RoutingContext ctx, StoredFile file, ByteRange range) {
        HttpServerResponse response = ctx.response();
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(range.length()));
        if (ctx.request().method() == HttpMethod.HEAD || range.length() == 0) {
            response.end();
            return;
        }
        Optional<Path> path = files.localPath(file.id());
        if (path.isPresent()) {
            response.sendFile(path.get().toString(), range.first(), range.length()).onFailure(e -> failed(ctx, e));
            return;
        }
        Context context = ctx.vertx().getOrCreateContext();
        Thread.ofVirtual().name("download").start(() -> {
            try {
                copy(file, range, response);
            } catch (IOException | ExecutionException | InterruptedException e) {
                context.runOnContext(now -> failed(ctx, e));
            }
        });
    }

    private void copy(StoredFile file, ByteRange range, HttpServerResponse response)
            throws IOException, ExecutionException, InterruptedException {
        try (InputStream content = files.open(file.id(), range.first())) {
            long left = range.length();
            byte[] chunk = new byte[CHUNK_BYTES];
            while (left > 0) {
                int count = content.readNBytes(chunk, 0, (int) Math.min(left, chunk.length));
                if (count == 0) {
                    throw new IOException("file " + file.id() + " is shorter than its description says");
                }
                // Waiting for every chunk is the back-pressure: a slow client holds one chunk and a virtual thread.
                response.write(Buffer.buffer(Arrays.copyOf(chunk, count))).toCompletionStage().toCompletableFuture().get();
                left -= count;
            }
        }
        response.end();
    }

    // The file was deleted a moment ago, or the client left.
    private static void failed(RoutingContext ctx, Throwable cause) {
        if (ctx.response().headWritten()) {
            LOG.atDebug().setCause(cause).log("download ended early");
            ctx.request().connection().close();
            return;
        }
        for (CharSequence header : new CharSequence[] {
            HttpHeaders.ETAG, HttpHeaders.CACHE_CONTROL, HttpHeaders.CONTENT_LENGTH, HttpHeaders.CONTENT_RANGE,
            HttpHeaders.ACCEPT_RANGES, "Content-Disposition"
        }) {
            ctx.response().headers().remove(header);
        }
        ctx.fail(cause instanceof StorageAwayException ? FileRoutes.away() : ApiException.notFound());
    }

    // Weak comparison, as If-None-Match wants it.
    private static boolean matches(String header, String etag) {
        for (String candidate : header.split(",")) {
            String bare = candidate.strip();
            if (bare.equals("*") || bare.equals(etag) || bare.equals("W/" + etag)) {
                return true;
            }
        }
        return false;
    }

    /** Both forms of the name (RFC 6266): plain ASCII for old clients, and exactly. */
    static String disposition(String kind, String name) {
        StringBuilder plain = new StringBuilder();
        StringBuilder exact = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean safe = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z')
                    || b == '.' || b == '-' || b == '_';
            if (safe) {
                exact.append((char) b);
            } else {
                exact.append(String.format("%%%02X", b));
            }
        }
        name.codePoints().forEach(c -> plain.append(c < ' ' || c > '~' || c == '"' || c == '\\' ? '_' : (char) c));
        return kind + "; filename=\"" + plain + "\"; filename*=UTF-8''" + exact;
    }
}
