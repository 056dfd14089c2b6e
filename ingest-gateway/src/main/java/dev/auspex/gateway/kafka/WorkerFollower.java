package dev.auspex.gateway.kafka;

import dev.auspex.gateway.domain.WorkerState;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.worker.WorkerStatus;
import dev.auspex.runtime.kafka.TopicTail;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.metrics.Metric;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps what executors said of themselves last, by reading their compacted topic from its beginning. Any thread. */
public final class WorkerFollower {

    /** A worker that has been silent for so long is not shown any more. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

    private final TopicTail tail;
    private final Clock clock;
    private final ConcurrentMap<String, WorkerStatus> workers = new ConcurrentHashMap<>();

    /** Reads nothing before {@link #start}. */
    public WorkerFollower(ServiceContext context) {
        clock = context.clock();
        tail = new TopicTail(
                context.kafka().consumer("gateway-workers", Map.of()),
                context.topics().workers(),
                context.topics().settings().partitions(),
                TopicTail.From.BEGINNING,
                this::read);
        for (WorkerState state : WorkerState.values()) {
            Metric.WORKERS.gauge(context.metrics(), () -> count(state), state.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Begins reading. */
    public void start() {
        tail.start();
    }

    /** Those that have been heard of lately, the oldest process first. */
    public List<WorkerStatus> workers() {
        Instant oldest = clock.instant().minus(FORGOTTEN_AFTER);
        workers.values().removeIf(worker -> worker.at().isBefore(oldest));
        return workers.values().stream()
                .sorted(Comparator.comparing(WorkerStatus::startedAt)
                        .thenComparing(worker -> worker.executor().value()))
                .toList();
    }

    private long count(WorkerState state) {
        Instant now = clock.instant();
        return workers().stream().filter(worker -> WorkerState.of(worker, now) == state).count();
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            workers.remove(record.key());
        } else {
            workers.put(record.key(), Serdes.WORKER.deserialize(record.value()));
        }
    }

    /** Ends reading. */
    public void stop(Duration limit) throws InterruptedException {
        tail.stop(limit);
    }
}
