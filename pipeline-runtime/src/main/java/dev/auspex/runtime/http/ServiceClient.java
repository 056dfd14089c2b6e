package dev.auspex.runtime.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks another service of this installation, any of its processes. One that is away or answers 503 is passed over for the
 * next, again and again while the caller has patience: ask only what may be asked twice. Call it on a Vert.x context;
 * futures complete there, with the answer or a {@link NoAnswerException}.
 */
public final class ServiceClient {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceClient.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final int CONNECT_MILLIS = 2_000;
    private static final Future<Void> NEVER = Promise.<Void>promise().future();

    private final Vertx vertx;
    private final List<String> baseUrls;
    private final String authorization;
    private final HttpClient http;
    private volatile int preferred;
    private volatile boolean closed;

    /**
     * @param baseUrls where processes of the service answer, without a trailing slash
     * @param access what it asks for
     * @param connections how many questions may be under way at each address
     */
    public ServiceClient(Vertx vertx, List<String> baseUrls, InternalAccess access, int connections) {
        this.vertx = vertx;
        this.baseUrls = List.copyOf(baseUrls);
        this.authorization = access.header();
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAlive(true)
                        .setKeepAliveTimeout(30)
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(connections));
    }

    /**
     * What is asked.
     *
     * @param uri path and query
     * @param body empty for none
     * @param time what an answer may take, besides the time it is asked to wait
     * @param waits whether the service is to wait for something while there is patience: it is told how long in
     *     {@code wait_ms}
     */
    public record Question(HttpMethod method, String uri, Buffer body, Duration time, boolean waits) {

        /** A question without a body. */
        public static Question get(String uri, Duration time) {
            return new Question(HttpMethod.GET, uri, Buffer.buffer(), time, false);
        }

        private String uri(Duration left) {
            return waits ? uri + (uri.indexOf('?') < 0 ? '?' : '&') + "wait_ms=" + left.toMillis() : uri;
        }
    }

    /** What a service said; never 503. */
    public record Answer(int status, MultiMap headers, Buffer body) {}

    /** No process of the service gave an answer in time. */
    public static final class NoAnswerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String message) {
            super(message);
        }
    }

    /** Asks. @param patience how long to go on while nobody answers */
    public Future<Answer> ask(Question question, Duration patience) {
        return ask(question, patience, NEVER);
    }

    /** Asks. @param abandoned completes when nobody wants the answer any more: the request is then dropped */
    public Future<Answer> ask(Question question, Duration patience, Future<Void> abandoned) {
        return ask(new Asked(question, System.nanoTime() + patience.toNanos(), abandoned), FIRST_PAUSE);
    }

    /** Closes the connections; what is under way fails. */
    public Future<Void> close() {
        closed = true;
        return http.close();
    }

    private record Asked(Question question, long deadline, Future<Void> abandoned) {
        Duration left() {
            return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        }
    }

    private Future<Answer> ask(Asked asked, Duration pause) {
        if (closed) {
            return Future.failedFuture(new NoAnswerException("this process is stopping"));
        }
        int process = preferred;
        return once(process, asked).compose(
                answer -> {
                    if (answer.status() != 503) {
                        return Future.succeededFuture(answer);
                    }
                    passOver(process);
                    return again(asked, pause, "503");
                },
                failure -> {
                    passOver(process);
                    return again(asked, pause, failure.getClass().getSimpleName());
                });
    }

    // Whoever asks next does not have to find out again. Only the first who did moves on: it must not go round and round.
    private void passOver(int process) {
        if (preferred == process) {
            preferred = (process + 1) % baseUrls.size();
        }
    }

    private Future<Answer> again(Asked asked, Duration pause, String cause) {
        if (asked.abandoned().isComplete() || asked.left().compareTo(pause) < 0) {
            LOG.atDebug().addKeyValue("cause", cause).log("no process of a service answers");
            return Future.failedFuture(new NoAnswerException("no answer from any of " + baseUrls + ": " + cause));
        }
        Duration doubled = pause.multipliedBy(2);
        Duration next = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        return vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS).compose(elapsed -> ask(asked, next));
    }

    private Future<Answer> once(int process, Asked asked) {
        Question question = asked.question();
        Duration left = asked.left();
        RequestOptions options = new RequestOptions()
                .setMethod(question.method())
                .setAbsoluteURI(baseUrls.get(process) + question.uri(left))
                .putHeader("authorization", authorization)
                .setIdleTimeout((question.waits() ? left.plus(question.time()) : question.time()).toMillis());
        return http.request(options).compose(request -> {
            if (asked.abandoned() != NEVER) {
                asked.abandoned().onComplete(gone -> request.reset());
            }
            return request.send(question.body()).compose(response -> response.body()
                    .map(body -> new Answer(response.statusCode(), response.headers(), body)));
        });
    }
}
