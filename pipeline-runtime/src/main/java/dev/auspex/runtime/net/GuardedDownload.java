package dev.auspex.runtime.net;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Downloads what a user's URL names, without being led to addresses the {@link AddressGuard} forbids: the address that
 * was checked is the address that is connected to, at every redirect again; certificate and {@code Host} still follow the
 * URL's name. Behind a proxy the {@link Egress} says what is refused. Blocking: any thread but an event loop. Safe for several threads at once.
 */
public final class GuardedDownload implements AutoCloseable {

    private static final int MAX_REDIRECTS = 3;
    private static final int MAX_MESSAGE = 200;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Egress egress;
    private final HttpClient client;

    /** @param vertx outlives this object */
    public GuardedDownload(Vertx vertx, Egress egress) {
        this.vertx = vertx;
        this.egress = egress;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setForceSni(true)
                .setKeepAlive(false)
                .setConnectTimeout((int) CONNECT_LIMIT.toMillis())
                .setMaxHeaderSize(32 * 1024));
    }

    /**
     * What came.
     *
     * @param contentType as the server named it, without parameters; {@code null} if it named none
     * @param size bytes written
     */
    public record Downloaded(@Nullable String contentType, long size) {}

    /**
     * Fetches into a file, which is made or emptied.
     *
     * @param maxBytes a longer body is refused
     * @param limit for everything together: look-ups, connections, redirects, body
     * @throws IOException with a sentence for the user, never the address that was refused
     */
    public Downloaded fetch(String url, Path target, long maxBytes, Duration limit) throws IOException {
        return fetch(url, target, maxBytes, limit, () -> false);
    }

    /**
     * Fetches until somebody wants it stopped.
     *
     * @param stopped asked a few times a second: a server that drips must not hold whoever has been told to stop
     * @throws InterruptedIOException if it was
     * @throws IOException as without
     */
    public Downloaded fetch(String url, Path target, long maxBytes, Duration limit, BooleanSupplier stopped)
            throws IOException {
        Until until = new Until(System.nanoTime() + limit.toNanos(), stopped);
        URI uri = parse(url);
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            Step step = hop(uri, target, maxBytes, until);
            if (step.redirect() == null) {
                return step.downloaded();
            }
            uri = parse(uri.resolve(step.redirect()).toString());
        }
        throw new IOException("more than " + MAX_REDIRECTS + " redirects");
    }

    /** @param deadline by {@link System#nanoTime} */
    private record Until(long deadline, BooleanSupplier stopped) {}

    private record Step(@Nullable String redirect, Downloaded downloaded) {}

    private Step hop(URI uri, Path target, long maxBytes, Until until) throws IOException {
        boolean ssl = "https".equals(uri.getScheme());
        int port = uri.getPort() > 0 ? uri.getPort() : ssl ? 443 : 80;
        RequestOptions options = route(bare(uri.getHost()), port)
                .setMethod(HttpMethod.GET)
                .setHost(bare(uri.getHost()))
                .setPort(port)
                .setSsl(ssl)
                .setConnectTimeout(CONNECT_LIMIT.toMillis())
                .setURI(requestTarget(uri))
                .putHeader("accept", "*/*")
                .putHeader("user-agent", "Auspex");
        Promise<HttpClientRequest> started = Promise.promise();
        Future<Step> done = client.request(options)
                .onSuccess(started::tryComplete)
                .compose(HttpClientRequest::send)
                .compose(response -> receive(response, target, maxBytes));
        try {
            return await(done, until);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (TimeoutException e) {
            throw new IOException("the download took too long", e);
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IOException(reason(e), e);
        } finally {
            started.future().onSuccess(request -> {
                if (!done.succeeded()) {
                    request.reset();
                }
            });
        }
    }

    private static Step await(Future<Step> done, Until until) throws Exception {
        while (true) {
            if (until.stopped().getAsBoolean()) {
                throw new InterruptedIOException("the download was stopped");
            }
            long left = Math.max(1, until.deadline() - System.nanoTime());
            try {
                return done.await(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (done.isComplete() || left <= LOOK_NANOS) {
                    throw e;
                }
            }
        }
    }

    private Future<Step> receive(HttpClientResponse response, Path target, long maxBytes) {
        int status = response.statusCode();
        String location = response.getHeader("location");
        if (status >= 300 && status < 400 && location != null) {
            drop(response);
            return Future.succeededFuture(new Step(location, new Downloaded(null, 0)));
        }
        if (status != 200) {
            drop(response);
            return Future.failedFuture(new IOException("the server answered " + status));
        }
        String length = response.getHeader("content-length");
        if (length != null && longer(length, maxBytes)) {
            drop(response);
            return Future.failedFuture(tooLarge(maxBytes));
        }
        String type = response.getHeader("content-type");
        String contentType = type == null ? null : type.split(";", 2)[0].strip();
        response.pause();
        return vertx.fileSystem()
                .open(target.toString(), new OpenOptions().setCreate(true).setTruncateExisting(true).setWrite(true))
                .compose(file -> copy(response, file, maxBytes)
                        .eventually(file::close)
                        .map(size -> new Step(null, new Downloaded(contentType, size))));
    }

    // The reset comes back as a failure of the body, which nobody waits for.
    private static void drop(HttpClientResponse response) {
        response.exceptionHandler(reset -> {});
        response.request().reset();
    }

    private static Future<Long> copy(HttpClientResponse response, AsyncFile file, long maxBytes) {
        Promise<Long> done = Promise.promise();
        long[] size = new long[1]; // touched by the response's event loop only
        response.exceptionHandler(done::tryFail);
        response.endHandler(end -> done.tryComplete(size[0]));
        response.handler((Buffer part) -> {
            size[0] += part.length();
            if (size[0] > maxBytes) {
                done.tryFail(tooLarge(maxBytes));
                drop(response);
                return;
            }
            file.write(part).onFailure(done::tryFail);
            if (file.writeQueueFull()) {
                response.pause();
                file.drainHandler(drained -> response.resume());
            }
        });
        response.resume();
        return done.future();
    }

    private RequestOptions route(String host, int port) throws IOException {
        try {
            InetAddress literal = AddressGuard.literal(host);
            if (egress.proxied()) {
                String refusal = egress.refusal(host, literal, port);
                if (refusal != null) {
                    throw new IOException(refusal);
                }
                return egress.through(new RequestOptions());
            }
            InetAddress[] addresses =
                    literal == null ? InetAddress.getAllByName(host) : new InetAddress[] {literal};
            for (InetAddress address : addresses) {
                if (egress.guard().permits(address, port)) {
                    return new RequestOptions()
                            .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()));
                }
            }
        } catch (UnknownHostException e) {
            throw new IOException("the host name is unknown", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        throw new IOException("the host's address may not be reached from here");
    }

    private static URI parse(String url) throws IOException {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a valid URL", e);
        }
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IOException("expected an http or https URL without user information");
        }
        return uri;
    }

    private static String requestTarget(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static boolean longer(String contentLength, long maxBytes) {
        try {
            return Long.parseLong(contentLength) > maxBytes;
        } catch (NumberFormatException e) {
            return false; // the body is counted anyway
        }
    }

    private static IOException tooLarge(long maxBytes) {
        return new IOException("the file is larger than " + maxBytes + " bytes");
    }

    private static String reason(Throwable failure) {
        if (failure instanceof ConnectException) {
            return "the server cannot be connected to";
        }
        String message = failure.getMessage();
        if (failure instanceof IOException && message != null && failure.getCause() == null) {
            return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
        }
        return "the download failed (" + failure.getClass().getSimpleName() + ")";
    }

    /** Closes the connections. */
    @Override
    public void close() {
        client.close();
    }
}
