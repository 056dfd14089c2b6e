package dev.auspex.gateway.files;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A request's body for a thread that may block. The request is paused while the reader is behind, so memory is bounded;
 * a body that is too long or stands still ends in a refusal. Made on the request's event loop, read by one other thread.
 */
final class BodyStream extends InputStream {

    private static final int HIGH_WATER = 256 * 1024;
    private static final int LOW_WATER = 64 * 1024;
    private static final Buffer END = Buffer.buffer(0);

    private final HttpServerRequest request;
    private final Context context;
    private final long limit;
    private final Duration patience;
    private final LinkedBlockingQueue<Buffer> queue = new LinkedBlockingQueue<>();
    private final AtomicLong queued = new AtomicLong();
    private volatile @Nullable Throwable failure;
    private volatile boolean paused; // written by the event loop only
    private @Nullable Buffer current;
    private int position;
    private long received;

    /**
     * @param limit of the whole body in bytes
     * @param patience how long the client may send nothing
     */
    BodyStream(HttpServerRequest request, Context context, long limit, Duration patience) {
        this.request = request;
        this.context = context;
        this.limit = limit;
        this.patience = patience;
        request.handler(this::accept);
        request.endHandler(done -> queue.add(END));
        request.exceptionHandler(cause -> {
            failure = cause;
            queue.add(END);
        });
        request.resume();
    }

    private void accept(Buffer buffer) {
        if (buffer.length() == 0) {
            return;
        }
        queue.add(buffer);
        if (queued.addAndGet(buffer.length()) > HIGH_WATER && !paused) {
            paused = true;
            request.pause();
            // The reader may have caught up before it could see that we pause.
            goOn();
        }
    }

    private void goOn() {
        if (paused && queued.get() <= LOW_WATER) {
            paused = false;
            request.resume();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * @throws ApiException if the body is longer than the limit or nothing came for too long
     * @throws IOException if the client went away
     */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        Buffer buffer = current;
        if (buffer == null || (buffer.length() > 0 && position == buffer.length())) {
            buffer = take(patience);
        }
        if (buffer.length() == 0) {
            return -1;
        }
        if (received > limit) {
            throw new ApiException(ApiError.BODY_TOO_LARGE, "The request body is larger than allowed.");
        }
        int count = Math.min(length, buffer.length() - position);
        buffer.getBytes(position, position + count, target, offset);
        position += count;
        return count;
    }

    /**
     * Reads and forgets the rest, so that a client that sends before it listens hears the answer.
     *
     * @param most how many bytes are worth it
     * @param time how long
     * @return whether the end was reached; if not, the connection cannot be used again
     */
    boolean discard(long most, Duration time) {
        long until = System.nanoTime() + time.toNanos();
        long bound = received + most;
        try {
            Buffer buffer = current;
            while (buffer == null || buffer.length() > 0) {
                Duration left = Duration.ofNanos(until - System.nanoTime());
                if (received > bound || left.isNegative()) {
                    return false;
                }
                buffer = take(left.compareTo(patience) < 0 ? left : patience);
            }
            return true;
        } catch (IOException | ApiException e) {
            return false;
        }
    }

    private Buffer take(Duration longest) throws IOException {
        Buffer buffer;
        try {
            buffer = queue.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("upload interrupted");
        }
        if (buffer == null) {
            throw new ApiException(ApiError.INVALID_REQUEST, "The request body stopped before its end.");
        }
        Throwable cause = failure;
        if (cause != null) {
            queue.add(END); // whoever reads on is told at once, too
            throw new IOException("the client went away", cause);
        }
        current = buffer;
        position = 0;
        received += buffer.length();
        if (queued.addAndGet(-buffer.length()) <= LOW_WATER && paused) {
            context.runOnContext(now -> goOn());
        }
        return buffer;
    }
}
