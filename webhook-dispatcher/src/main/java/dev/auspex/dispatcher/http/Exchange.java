package dev.auspex.dispatcher.http;

import dev.auspex.dispatcher.domain.AttemptOutcome;
import dev.auspex.dispatcher.domain.AttemptOutcome.Answered;
import dev.auspex.dispatcher.domain.AttemptOutcome.NotAnswered;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Clock;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, bounded in time and size. The status decides; the body is read only so that the connection
 * can be used again, and where it is long or slow the connection is closed instead. One event loop.
 */
final class Exchange {

    private static final int MOST_BODY_BYTES = 16 * 1024;
    private static final long BODY_MILLIS = 1_000;

    private final Vertx vertx;
    private final HttpClient client;
    private final Clock clock;
    private final RequestOptions options;
    private final byte[] body;
    private final Promise<AttemptOutcome> ended = Promise.promise();
    private @Nullable HttpClientRequest request;
    private @Nullable Answered answer;
    private boolean repeated;
    private long timer;
    private int received;

    Exchange(Vertx vertx, HttpClient client, Clock clock, RequestOptions options, byte[] body) {
        this.vertx = vertx;
        this.client = client;
        this.clock = clock;
        this.options = options;
        this.body = body;
    }

    /** Sends; the future never fails. */
    Future<AttemptOutcome> begin() {
        timer = vertx.setTimer(WebhookSender.TOTAL_MILLIS, id -> end(
                new NotAnswered(Outcome.TIMED_OUT, "no answer within " + WebhookSender.TOTAL_MILLIS / 1000 + " s"), true));
        connect();
        return ended.future();
    }

    private void connect() {
        try {
            client.request(options).onComplete(this::connected);
        } catch (IllegalStateException e) {
            end(new NotAnswered(Outcome.UNREACHABLE, "the dispatcher stopped"), false); // the client is closed
        }
    }

    private void connected(AsyncResult<HttpClientRequest> result) {
        if (result.failed()) {
            end(failure(result.cause()), false);
        } else if (ended.future().isComplete()) {
            result.result().reset();
        } else {
            request = result.result();
            request.exceptionHandler(failure -> {}); // shows as a failed response; without a handler it is logged
            request.response().onComplete(this::answered);
            request.end(Buffer.buffer(body));
        }
    }

    private void answered(AsyncResult<HttpClientResponse> result) {
        if (ended.future().isComplete()) {
            return;
        }
        if (result.failed()) {
            broken(result.cause());
            return;
        }
        HttpClientResponse response = result.result();
        Answered head = new Answered(
                response.statusCode(), RetryAfter.parse(response.getHeader("retry-after"), clock.instant()));
        answer = head;
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(BODY_MILLIS, id -> end(head, true));
        response.exceptionHandler(failure -> end(head, true));
        response.handler(chunk -> {
            received += chunk.length();
            if (received > MOST_BODY_BYTES) {
                end(head, true);
            }
        });
        response.endHandler(done -> end(head, false));
    }

    // A kept connection may be closed by the receiver at the very moment it is used again: that says nothing about the
    // message, so it is sent once more at once. The receiver recognises it by its id if it came through after all.
    private void broken(Throwable cause) {
        if (!repeated && (cause instanceof HttpClosedException || cause instanceof SocketException)) {
            repeated = true;
            connect();
        } else {
            end(failure(cause), true);
        }
    }

    private void end(AttemptOutcome outcome, boolean closeConnection) {
        if (!ended.tryComplete(outcome)) {
            return;
        }
        vertx.cancelTimer(timer);
        if (closeConnection && request != null) {
            request.reset();
            request.connection().close();
        }
    }

    private static NotAnswered failure(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException e -> new NotAnswered(Outcome.TIMED_OUT, "no connection in time");
            case ConnectException e -> new NotAnswered(Outcome.UNREACHABLE, "the connection was refused");
            case SSLException e -> new NotAnswered(Outcome.UNREACHABLE, "the TLS handshake failed");
            case HttpClosedException e ->
                new NotAnswered(Outcome.UNREACHABLE, "the connection was closed before an answer");
            case IOException e -> new NotAnswered(Outcome.UNREACHABLE, "the connection broke");
            default -> new NotAnswered(Outcome.UNREACHABLE, "no valid answer: " + cause.getClass().getSimpleName());
        };
    }
}
