package dev.auspex.dispatcher.delivery;

import dev.auspex.dispatcher.domain.PredictionQueue;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.EndpointId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The first attempts for one partition of {@code predictions}, in order per prediction. One event loop. */
public final class PartitionWork {

    /** What is kept in order: the messages about a prediction to one receiver. */
    private record Line(PredictionId prediction, @Nullable EndpointId endpoint) {}

    private final Vertx vertx;
    private final Attempts attempts;
    private final ResultSink results;
    private final Map<Line, PredictionQueue<Snapshot>> queues = new HashMap<>();
    private final Promise<Void> quiet = Promise.promise();
    private int underWay;
    private boolean released;

    PartitionWork(Vertx vertx, Attempts attempts, ResultSink results) {
        this.vertx = vertx;
        this.attempts = attempts;
        this.results = results;
    }

    /** Takes snapshots in the order of their offsets. */
    void offer(List<Snapshot> snapshots) {
        if (released) {
            return; // still open in the ledger: whoever owns the partition next sends them
        }
        for (Snapshot snapshot : snapshots) {
            Line line = new Line(snapshot.delivery().prediction(), snapshot.delivery().endpoint());
            PredictionQueue<Snapshot> queue = queues.computeIfAbsent(line, key -> new PredictionQueue<>());
            queue.add(snapshot, snapshot.intermediate()).ifPresent(replaced -> replaced.entry().close());
            advance(line, queue);
        }
    }

    /** Begins nothing more. @return completes when nothing is under way */
    Future<Void> release() {
        released = true;
        queues.clear();
        if (underWay == 0) {
            quiet.tryComplete();
        }
        return quiet.future();
    }

    private void advance(Line line, PredictionQueue<Snapshot> queue) {
        if (released) {
            return;
        }
        long now = System.nanoTime();
        queue.poll(now).ifPresent(snapshot -> {
            if (snapshot.intermediate()) {
                wakeLater(line, queue, now);
            }
            send(line, queue, snapshot);
        });
        if (queue.idle(now)) {
            queues.remove(line, queue);
        }
    }

    // At the window's end: sends what was held back, or forgets the prediction.
    private void wakeLater(Line line, PredictionQueue<Snapshot> queue, long now) {
        OptionalLong wake = queue.wakeIn(now);
        if (wake.isPresent()) {
            vertx.setTimer(wake.getAsLong() / 1_000_000 + 1, id -> advance(line, queue));
        }
    }

    private void send(Line line, PredictionQueue<Snapshot> queue, Snapshot snapshot) {
        underWay++;
        attempts.make(new Assignment(snapshot.delivery(), 1, 0, snapshot.body())).onSuccess(result -> {
            keep(result, snapshot);
            queue.done();
            advance(line, queue);
            underWay--;
            if (released && underWay == 0) {
                quiet.tryComplete();
            }
        });
    }

    private void keep(DeliveryResult result, Snapshot snapshot) {
        results.append(result, result.settled() ? null : snapshot.body(), snapshot.entry()::close);
    }
}
