package dev.auspex.executor.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.executor.domain.LogText;
import dev.auspex.executor.domain.ProgressLine;
import dev.auspex.protocol.event.AttemptEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what one attempt yields, logs and reports, and sends it in small batches: the first piece at once, more at
 * most every few milliseconds. Until {@link #announce} nothing is sent, because the terminal event of an attempt that
 * ends within moments carries everything. Safe for the model's thread, the timer and the heartbeat together.
 */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final long OUTPUT_EVERY = Duration.ofMillis(20).toNanos();
    private static final long LOGS_EVERY = Duration.ofMillis(50).toNanos();
    private static final long PROGRESS_EVERY = Duration.ofMillis(250).toNanos();
    /** Characters of output; with the JSON around them they still fit the terminal event. */
    private static final int OUTPUT_LIMIT = 12 << 20;

    private final EventSink sink;
    private final Function<AttemptEvent.Body, AttemptEvent> envelope;
    private final ScheduledExecutorService timer;
    private final List<JsonNode> chunks = new ArrayList<>(1);
    private final LogText logs = new LogText();
    private long outputSize;
    private int chunksSent;
    private int logsSent;
    private long outputAt;
    private long logsAt;
    private long progressAt;
    private boolean progressed;
    private double lastProgress = -1;
    private boolean flushPending;
    private boolean announced;
    private volatile boolean closed;
    private volatile @Nullable Future<?> startSent;

    /** @param envelope adds prediction, attempt and time to what happened */
    Outbox(EventSink sink, Function<AttemptEvent.Body, AttemptEvent> envelope, ScheduledExecutorService timer) {
        this.sink = sink;
        this.envelope = envelope;
        this.timer = timer;
        this.outputAt = System.nanoTime() - OUTPUT_EVERY;
        this.logsAt = System.nanoTime() - LOGS_EVERY;
    }

    /** Tells the world that the attempt runs and sends what has come together; later calls change nothing. */
    synchronized void announce(Instant startedAt) {
        if (announced || closed) {
            return;
        }
        announced = true;
        startSent = send(envelope.apply(new AttemptEvent.Started()).at(startedAt));
        flush(System.nanoTime(), true);
    }

    /** @throws OutputException if all chunks together are too much */
    synchronized void output(JsonNode chunk) {
        outputSize += chunk.isTextual() ? chunk.textValue().length() : chunk.toString().length();
        if (outputSize > OUTPUT_LIMIT) {
            throw new OutputException("the output is larger than " + (OUTPUT_LIMIT >> 20) + " MiB", false, null);
        }
        chunks.add(chunk);
        flush(System.nanoTime(), false);
    }

    synchronized void log(String line) {
        logs.line(line);
        flush(System.nanoTime(), false);
    }

    synchronized void progress(double fraction) {
        double progress = ProgressLine.clamp(fraction);
        long now = System.nanoTime();
        boolean due = !progressed || now - progressAt >= PROGRESS_EVERY || progress == 1;
        if (!due || closed || progress == lastProgress) {
            return;
        }
        progressed = true;
        progressAt = now;
        lastProgress = progress;
        logs.line(ProgressLine.of(progress));
        if (announced) {
            send(envelope.apply(new AttemptEvent.Progressed(progress)));
            flush(now, false);
        }
    }

    /** Waits until Kafka has the start; returns anyway when that fails or takes longer. */
    void awaitKnown(Duration most) throws InterruptedException {
        Future<?> sent = startSent;
        if (sent != null) {
            try {
                sent.get(most.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.atDebug().setCause(e).log("start not known yet");
            }
        }
    }

    /** Says that the attempt still runs, if the world knows that it does. */
    synchronized void renew() {
        if (announced && !closed) {
            send(envelope.apply(new AttemptEvent.Renewed()));
        }
    }

    /** Whether Kafka has the start. */
    boolean isKnown() {
        Future<?> sent = startSent;
        return sent != null && sent.state() == Future.State.SUCCESS;
    }

    /** From now on nothing is sent; the terminal event takes over. */
    synchronized void close() {
        closed = true;
    }

    /** The same without waiting for what is just being sent. */
    void silence() {
        closed = true;
    }

    /** Everything yielded so far; {@code null} for nothing. */
    synchronized @Nullable JsonNode yielded() {
        return chunks.isEmpty() ? null : dev.auspex.protocol.json.Json.mapper().createArrayNode().addAll(chunks);
    }

    /** The whole log. */
    synchronized String logs() {
        return logs.toString();
    }

    private synchronized void flushLater() {
        flushPending = false;
        flush(System.nanoTime(), false);
    }

    private void flush(long now, boolean all) {
        if (!announced || closed) {
            return;
        }
        long wait = Long.MAX_VALUE;
        if (chunksSent < chunks.size()) {
            long due = outputAt + OUTPUT_EVERY - now;
            if (all || due <= 0) {
                outputAt = now;
                send(envelope.apply(new AttemptEvent.OutputAppended(
                        chunksSent, chunks.subList(chunksSent, chunks.size()))));
                chunksSent = chunks.size();
            } else {
                wait = due;
            }
        }
        if (logsSent < logs.length()) {
            long due = logsAt + LOGS_EVERY - now;
            if (all || due <= 0) {
                logsAt = now;
                send(envelope.apply(new AttemptEvent.LogsAppended(logsSent, logs.from(logsSent))));
                logsSent = logs.length();
            } else {
                wait = Math.min(wait, due);
            }
        }
        if (wait != Long.MAX_VALUE && !flushPending) {
            flushPending = true;
            timer.schedule(this::flushLater, wait, TimeUnit.NANOSECONDS);
        }
    }

    // A lost piece is repaired by the terminal event, so its failure ends nothing.
    private @Nullable Future<?> send(AttemptEvent event) {
        try {
            return sink.send(event);
        } catch (EventSink.EventTooLargeException | RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("prediction", event.prediction())
                    .addKeyValue("event", event.body().getClass().getSimpleName())
                    .setCause(e)
                    .log("event not sent");
            return null;
        }
    }
}
