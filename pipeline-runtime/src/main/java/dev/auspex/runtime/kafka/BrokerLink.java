package dev.auspex.runtime.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Whether a member of a share group that was connected has lost every broker: no connection is left, or nothing is answered
 * any more, as when the broker's machine is gone or its process stands still. A share consumer of Kafka 4.3.1 that has lost them tries
 * again without a pause, in two threads, until one is back: two executors of four slots took most of a machine of two
 * cores, whose broker then needed two minutes to start. One that is cut off is best closed, and replaced when
 * {@link KafkaClients#isReachable} says so. For one thread.
 */
public final class BrokerLink {

    /** A broker that closes an idle connection is not away. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Members of share groups send heartbeats every second, and each is answered. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final @Nullable Metric connections;
    private final @Nullable Metric responses;
    private boolean connected;
    private boolean missing;
    private long missingSince;
    private double heard = -1;
    private long heardAt;

    /** @param metrics of the client, see {@code metrics()} */
    public BrokerLink(Map<MetricName, ? extends Metric> metrics) {
        this.connections = find(metrics, "connection-count");
        this.responses = find(metrics, "response-total");
    }

    // The client's own, not one of a node's.
    private static @Nullable Metric find(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.entrySet().stream()
                .filter(each -> each.getKey().name().equals(name) && !each.getKey().tags().containsKey("node-id"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /**
     * Whether it was connected once and has not been for a second, or was not answered for five. Ask now and then.
     *
     * @param nanoTime the time now
     */
    public boolean isCut(long nanoTime) {
        return isCut(nanoTime, PATIENCE);
    }

    /** The same for somebody with more patience, who asks several times while it lasts. */
    public boolean isCut(long nanoTime, Duration patience) {
        if (value(connections) > 0) {
            connected = true;
            missing = false;
            return isSilent(nanoTime, patience.compareTo(SILENCE) > 0 ? patience : SILENCE);
        }
        // From the first look that found none: a slot that was busy for an hour did not look, and was not cut off.
        if (connected && !missing) {
            missing = true;
            missingSince = nanoTime;
        }
        return missing && nanoTime - missingSince > patience.toNanos();
    }

    private boolean isSilent(long nanoTime, Duration patience) {
        double total = value(responses);
        if (total != heard) {
            heard = total;
            heardAt = nanoTime;
        }
        return responses != null && nanoTime - heardAt > patience.toNanos();
    }

    private static double value(@Nullable Metric metric) {
        return metric != null && metric.metricValue() instanceof Number number ? number.doubleValue() : 0;
    }
}
