package dev.auspex.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.runtime.security.StreamToken;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open stream: brings the router's answers and the hub's events to {@link StreamProgress}, and its events to the
 * client. Lives on the request's event loop; only the listener's methods are called elsewhere.
 */
final class StreamSession implements EventHub.Listener, StreamProgress.Out {

    private static final Logger LOG = LoggerFactory.getLogger(StreamSession.class);
    private static final long NO_TIMER = -1;
    /** The pauses before asking the router again; the last one repeats. */
    private static final long[] PAUSES_MILLIS = {10, 50, 200, 1000, 4000};
    private static final int MAX_WAITING = 1024;
    private static final int WRITE_QUEUE_BYTES = 256 * 1024;
    private static final int PARSE_ON_LOOP_BYTES = 64 * 1024;
    /** A client that took nothing for so many keep-alives is gone or stuck. */
    private static final int MAX_STALLED = 4;

    /** What sessions share. */
    record Surroundings(EventHub hub, PredictionLookup lookup, long keepAliveMillis) {}

    private final RoutingContext ctx;
    private final HttpServerResponse response;
    private final Vertx vertx;
    private final Context context;
    private final Surroundings around;
    private final StreamToken token;
    private final long seconds;
    private final Consumer<StreamSession> onClose;
    private final StreamProgress progress;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean lost;
    private @Nullable List<AttemptEvent> held = new ArrayList<>();
    private EventHub.@Nullable Subscription subscription;
    private long ticker = NO_TIMER;
    private long askTimer = NO_TIMER;
    private boolean asking;
    private int pause;
    private int furtherAsks;
    private boolean heard;
    private int stalled;
    private boolean closed;

    /**
     * @param next number of the first event to send
     * @param onClose called once when the session holds nothing any more
     */
    StreamSession(RoutingContext ctx, Surroundings around, StreamToken token, int next, Consumer<StreamSession> onClose) {
        this.ctx = ctx;
        this.response = ctx.response();
        this.vertx = ctx.vertx();
        this.context = vertx.getOrCreateContext();
        this.around = around;
        this.token = token;
        this.seconds = token.prediction().createdAt().getEpochSecond();
        this.onClose = onClose;
        this.progress = new StreamProgress(this, next);
    }

    /** Listens first and asks then, so that nothing falls between. */
    void open() {
        response.closeHandler(gone -> close());
        response.exceptionHandler(cause -> close());
        subscription = around.hub().subscribe(token.prediction(), this);
        asking = true;
        find().onComplete(found -> {
            asking = false;
            if (closed) {
                return;
            }
            if (found.failed()) {
                close();
                ctx.fail(found.cause());
            } else if (found.result().isEmpty()) {
                close();
                ctx.fail(ApiException.notFound());
            } else {
                begin(found.result().get());
            }
        });
    }

    private void begin(Snapshot snapshot) {
        response.setChunked(true)
                .setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Accel-Buffering", "no")
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .drainHandler(drained -> afterDrain());
        response.write(SseEvent.GREETING);
        ticker = vertx.setPeriodic(around.keepAliveMillis(), now -> tick());
        progress.snapshot(snapshot);
        List<AttemptEvent> early = held == null ? List.of() : held;
        held = null;
        early.forEach(progress::event);
        settle();
    }

    private Future<Optional<Snapshot>> find() {
        return around.lookup().find(token.account(), token.prediction()).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            PredictionLookup.LookedUp answer = found.get();
            return answer.body().length() <= PARSE_ON_LOOP_BYTES
                    ? parse(answer)
                    : vertx.executeBlocking(() -> Optional.of(Snapshot.of(answer)), false);
        });
    }

    private static Future<Optional<Snapshot>> parse(PredictionLookup.LookedUp answer) {
        try {
            return Future.succeededFuture(Optional.of(Snapshot.of(answer)));
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    @Override
    public void onEvent(AttemptEvent event) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            lost = true;
            return;
        }
        context.runOnContext(now -> {
            waiting.decrementAndGet();
            take(event);
        });
    }

    @Override
    public void onCommand() {
        context.runOnContext(now -> askRepeatedly());
    }

    private void take(AttemptEvent event) {
        if (closed) {
            return;
        }
        heard = true;
        if (held == null) {
            progress.event(event);
        } else if (held.size() < MAX_WAITING) {
            held.add(event);
        } else {
            lost = true;
        }
        if (lost || progress.isInDoubt()) {
            lost = false;
            askRepeatedly();
        }
        settle();
    }

    // After anything that may have moved the progress.
    private void settle() {
        if (closed || held != null) {
            return;
        }
        if (progress.isDone()) {
            close();
            response.end();
        } else if (progress.needsSnapshot() && !isFull()) {
            furtherAsks = Math.max(furtherAsks, 1);
            ask();
        }
    }

    // What a command or a lost event leads to may take the router a moment.
    private void askRepeatedly() {
        pause = 0;
        furtherAsks = PAUSES_MILLIS.length;
        ask();
    }

    private void ask() {
        if (closed || asking || held != null || askTimer != NO_TIMER) {
            return;
        }
        askTimer = vertx.setTimer(PAUSES_MILLIS[pause], now -> {
            askTimer = NO_TIMER;
            pause = Math.min(pause + 1, PAUSES_MILLIS.length - 1);
            furtherAsks--;
            asking = true;
            find().onComplete(found -> {
                asking = false;
                answered(found);
            });
        });
    }

    private void answered(AsyncResult<Optional<Snapshot>> found) {
        if (closed) {
            return;
        }
        if (found.succeeded() && found.result().isEmpty()) {
            abort(); // the prediction has been removed: there will be no ending
            return;
        }
        if (found.succeeded()) {
            progress.snapshot(found.result().get());
        } else {
            LOG.atDebug().setCause(found.cause()).log("stream could not ask the router");
        }
        settle();
        if (furtherAsks > 0) {
            ask();
        }
    }

    private void afterDrain() {
        stalled = 0;
        if (!closed && progress.needsSnapshot()) {
            pause = 0;
            ask();
        }
    }

    private void tick() {
        if (isFull()) {
            if (++stalled >= MAX_STALLED) {
                abort();
            }
            return;
        }
        response.write(SseEvent.KEEP_ALIVE);
        if (!heard) {
            ask(); // whatever happened unheard, such as a deadline, comes to light
        }
        heard = false;
    }

    @Override
    public boolean isFull() {
        return response.writeQueueFull();
    }

    @Override
    public void output(int number, JsonNode chunk) {
        pause = 0;
        response.write(SseEvent.output(seconds, number, chunk).bytes());
    }

    @Override
    public void error(int number, String detail) {
        response.write(SseEvent.error(seconds, number, detail).bytes());
    }

    @Override
    public void done(int number, StreamProgress.Ending ending) {
        response.write(SseEvent.done(seconds, number, ending).bytes());
    }

    /** Breaks the connection, so that the client sees that this is not the end. Any thread. */
    void abort() {
        context.runOnContext(now -> {
            if (!closed) {
                close();
                response.reset();
            }
        });
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (subscription != null) {
            subscription.close();
        }
        vertx.cancelTimer(ticker);
        vertx.cancelTimer(askTimer);
        onClose.accept(this);
    }
}
