package dev.auspex.dispatcher.http;

import dev.auspex.dispatcher.domain.AttemptOutcome;
import dev.auspex.dispatcher.domain.AttemptOutcome.Answered;
import dev.auspex.dispatcher.domain.AttemptOutcome.NotAnswered;
import dev.auspex.dispatcher.domain.AttemptReport;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.DeliveryTrace;
import dev.auspex.runtime.net.TimedTransport;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, bounded in time and size. The status decides; the body is read for the delivery log and so
 * that the connection can be used again, and where it is long or slow the connection is closed instead. One event loop.
 */
final class Exchange {

    /** From the request to the answer's head. */
    static final long ANSWER_MILLIS = 10_000;
    /** The whole attempt, from the look-up of the name to the end of the answer. */
    static final long TOTAL_MILLIS = 15_000;
    /** For the body of an answer whose status is known. */
    private static final long BODY_MILLIS = 1_000;

    /**
     * What to send.
     *
     * @param options address, headers and the like
     * @param body sent as it is
     * @param answers what is kept of the answer
     * @param address that is connected to, for the log; {@code null} if a proxy chooses it
     * @param begun when the attempt began, of {@link System#nanoTime}
     * @param resolved when the address was known
     */
    record Order(
            RequestOptions options, byte[] body, AnswerText answers, @Nullable String address, long begun, long resolved) {}

    private final Connections connections;
    private final Order order;
    private final Promise<AttemptReport> ended = Promise.promise();
    private @Nullable HttpClientRequest request;
    private @Nullable Long connectMillis;
    private @Nullable Long tlsMillis;
    private @Nullable Long firstByteMillis;
    private boolean repeated;
    private long timer = -1;
    private final Buffer received = Buffer.buffer();

    Exchange(Connections connections, Order order) {
        this.connections = connections;
        this.order = order;
    }

    /** Sends; the future never fails. */
    Future<AttemptReport> begin() {
        limit(TOTAL_MILLIS, new NotAnswered(Outcome.TIMED_OUT, "no connection in time"));
        connect();
        return ended.future();
    }

    private void connect() {
        long asked = System.nanoTime();
        try {
            connections.client().request(order.options()).onComplete(result -> connected(result, asked));
        } catch (IllegalStateException e) {
            end(new NotAnswered(Outcome.UNREACHABLE, "the dispatcher stopped"), false); // the client is closed
        }
    }

    private void connected(AsyncResult<HttpClientRequest> result, long asked) {
        if (result.failed()) {
            end(failure(result.cause()), false);
        } else if (ended.future().isComplete()) {
            result.result().reset();
        } else {
            long now = System.nanoTime();
            request = result.result();
            timeConnection(request.connection(), asked, now);
            request.exceptionHandler(failure -> {}); // shows as a failed response; without a handler it is logged
            request.response().onComplete(answer -> answered(answer, now));
            limit(ANSWER_MILLIS, new NotAnswered(
                    Outcome.TIMED_OUT, "no answer within " + ANSWER_MILLIS / 1000 + " s"));
            request.end(Buffer.buffer(order.body()));
        }
    }

    private void timeConnection(HttpConnection connection, long asked, long now) {
        if (!connections.isNew(connection)) {
            connectMillis = null;
            tlsMillis = null;
            return;
        }
        long connected = TimedTransport.connectedAt(connection).orElse(now);
        connectMillis = millis(connected - asked);
        tlsMillis = connection.isSsl() && connected != now ? millis(now - connected) : null;
    }

    private void answered(AsyncResult<HttpClientResponse> result, long sent) {
        if (ended.future().isComplete()) {
            return;
        }
        if (result.failed()) {
            broken(result.cause());
            return;
        }
        HttpClientResponse response = result.result();
        firstByteMillis = millis(System.nanoTime() - sent);
        Answered head = new Answered(
                response.statusCode(),
                RetryAfter.parse(response.getHeader("retry-after"), connections.clock().instant()));
        limit(BODY_MILLIS, head);
        String encoding = response.getHeader("content-encoding");
        response.exceptionHandler(failure -> end(head, true, encoding));
        response.handler(chunk -> {
            int room = DeliveryTrace.MOST_RESPONSE_BYTES - received.length();
            received.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
            if (chunk.length() > room) {
                end(head, true, encoding);
            }
        });
        response.endHandler(done -> end(head, false, encoding));
    }

    // A kept connection may be closed by the receiver at the very moment it is used again: that says nothing about the
    // message, so it is sent once more at once. The receiver recognises it by its id if it came through after all.
    private void broken(Throwable cause) {
        boolean kept = connectMillis == null;
        if (!repeated && kept && (cause instanceof HttpClosedException || cause instanceof SocketException)) {
            repeated = true;
            connect();
        } else {
            end(failure(cause), true);
        }
    }

    // Never past the end of the attempt, whatever the phase may take by itself.
    private void limit(long phaseMillis, AttemptOutcome otherwise) {
        if (timer >= 0) {
            connections.vertx().cancelTimer(timer);
        }
        long left = TOTAL_MILLIS - millis(System.nanoTime() - order.begun());
        timer = connections.vertx().setTimer(Math.clamp(phaseMillis, 1, Math.max(1, left)), id -> end(otherwise, true));
    }

    private void end(AttemptOutcome outcome, boolean closeConnection) {
        end(outcome, closeConnection, null);
    }

    private void end(AttemptOutcome outcome, boolean closeConnection, @Nullable String encoding) {
        if (ended.future().isComplete()) {
            return;
        }
        if (timer >= 0) {
            connections.vertx().cancelTimer(timer);
        }
        ended.complete(new AttemptReport(outcome, new DeliveryTrace(
                order.address(),
                positive(millis(order.resolved() - order.begun())),
                connectMillis,
                tlsMillis,
                firstByteMillis,
                order.answers().of(received.getBytes(), encoding))));
        if (closeConnection && request != null) {
            request.reset();
            request.connection().close();
        }
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static @Nullable Long positive(long millis) {
        return millis > 0 ? millis : null;
    }

    private static NotAnswered failure(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException e -> new NotAnswered(Outcome.TIMED_OUT, "no connection in time");
            case ProxyConnectException e ->
                new NotAnswered(Outcome.UNREACHABLE, "the proxy did not connect to the receiver");
            case ConnectException e -> new NotAnswered(Outcome.UNREACHABLE, "the connection was refused");
            case SSLException e -> new NotAnswered(Outcome.UNREACHABLE, "the TLS handshake failed");
            case HttpClosedException e ->
                new NotAnswered(Outcome.UNREACHABLE, "the connection was closed before an answer");
            case IOException e -> new NotAnswered(Outcome.UNREACHABLE, "the connection broke");
            default -> new NotAnswered(Outcome.UNREACHABLE, "no valid answer: " + cause.getClass().getSimpleName());
        };
    }
}
