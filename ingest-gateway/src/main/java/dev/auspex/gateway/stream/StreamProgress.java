package dev.auspex.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.event.AttemptEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a stream sends next from snapshots and live events, whose times overlap: every chunk once, in order, then
 * one ending. Holds no output while the client is slow; what was passed over is asked for again. Pure; one thread.
 *
 * <p>When a prediction starts over with a new attempt, what was sent cannot be taken back: the stream goes on with the
 * chunks beyond it.
 */
final class StreamProgress {

    /** How a prediction ended. */
    enum Ending { SUCCEEDED, FAILED, CANCELED }

    /** Where events go. */
    interface Out {
        /** Whether the client is behind, so that output should wait. */
        boolean isFull();

        void output(int number, JsonNode chunk);

        void error(int number, String detail);

        void done(int number, Ending ending);
    }

    /** Chunks kept while one before them is missing; beyond it the router is asked for all. */
    private static final int MAX_EARLY = 256;

    private final Out out;
    private final TreeMap<Integer, JsonNode> early = new TreeMap<>();
    private final Set<AttemptId> doubted = new HashSet<>();
    private int next;
    private @Nullable AttemptId attempt;
    private boolean incomplete;
    private boolean doubt;
    private boolean ended;
    private boolean done;

    /** @param next number of the first event the client wants */
    StreamProgress(Out out, int next) {
        this.out = out;
        this.next = next;
    }

    /** Whether the ending has been sent. */
    boolean isDone() {
        return done;
    }

    /** Whether only the router knows how to go on. */
    boolean needsSnapshot() {
        return !done && (incomplete || doubt || ended);
    }

    /** Whether an event came whose meaning the router decides, perhaps not at once. */
    boolean isInDoubt() {
        return doubt;
    }

    /** Takes the router's word. */
    void snapshot(Snapshot snapshot) {
        if (done) {
            return;
        }
        incomplete = false;
        doubt = false;
        if (snapshot.attempt() != null) {
            follow(snapshot.attempt());
        }
        switch (snapshot.status()) {
            case STARTING, PROCESSING -> {
                if (send(0, snapshot.chunks())) {
                    sendEarly();
                }
            }
            case SUCCEEDED -> end(snapshot.chunks(), Ending.SUCCEEDED, null);
            case FAILED -> end(snapshot.chunks(), Ending.FAILED, snapshot.error());
            case CANCELED, ABORTED -> end(snapshot.chunks(), Ending.CANCELED, null);
        }
    }

    /** Takes an event, in the order of its topic. */
    void event(AttemptEvent event) {
        if (done) {
            return;
        }
        switch (event.body()) {
            case AttemptEvent.Started started -> concerns(event.attempt());
            case AttemptEvent.OutputAppended output -> {
                if (concerns(event.attempt()) && send(output.index(), output.chunks())) {
                    sendEarly();
                }
            }
            case AttemptEvent.LogsAppended logs -> { }
            case AttemptEvent.Progressed progressed -> { }
            case AttemptEvent.Renewed renewed -> { }
            case AttemptEvent.Redelivered redelivered -> { }
            case AttemptEvent.Returned returned -> { }
            case AttemptEvent.Succeeded end -> end(Snapshot.chunks(end.output(), true), Ending.SUCCEEDED, null);
            case AttemptEvent.Canceled end -> end(Snapshot.chunks(end.output(), true), Ending.CANCELED, null);
            // The router decides whether this is the end or another attempt follows: some models' own errors are retried too.
            case AttemptEvent.Failed end -> doubt = true;
        }
    }

    // Attempt ids sort by time as far as clocks agree; where they may not, the router is asked, once per attempt.
    private boolean concerns(AttemptId id) {
        if (attempt == null || id.value().compareTo(attempt.value()) > 0) {
            follow(id);
            return true;
        }
        if (id.equals(attempt)) {
            return true;
        }
        doubt |= doubted.add(id);
        return false;
    }

    private void follow(AttemptId id) {
        if (!id.equals(attempt)) {
            attempt = id;
            early.clear();
        }
    }

    /** @return whether the client has all of them; those after a gap wait in {@link #early} */
    private boolean send(int first, List<JsonNode> chunks) {
        for (int i = Math.max(0, next - first); i < chunks.size(); i++) {
            if (out.isFull()) {
                incomplete = true;
                early.clear();
                return false;
            }
            if (first + i == next) {
                out.output(next++, chunks.get(i));
            } else if (early.size() < MAX_EARLY) {
                early.put(first + i, chunks.get(i));
            }
        }
        return true;
    }

    private void sendEarly() {
        early.headMap(next).clear();
        while (!early.isEmpty() && early.firstKey() == next && !out.isFull()) {
            Map.Entry<Integer, JsonNode> chunk = early.pollFirstEntry();
            out.output(next++, chunk.getValue());
        }
        incomplete |= !early.isEmpty();
    }

    private void end(List<JsonNode> chunks, Ending ending, @Nullable String error) {
        ended = true;
        if (!send(0, chunks)) {
            return;
        }
        int number = Math.max(next, chunks.size());
        if (ending == Ending.FAILED) {
            out.error(number++, error == null ? "" : error);
        }
        out.done(number, ending);
        done = true;
    }
}
