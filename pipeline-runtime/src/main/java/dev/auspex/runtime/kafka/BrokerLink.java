package dev.auspex.runtime.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Whether a Kafka client that was connected has lost every broker. A share consumer of Kafka 4.3.1 that has lost them tries
 * again without a pause, in two threads, until one is back: two executors of four slots took most of a machine of two
 * cores, whose broker then needed two minutes to start. One that is cut off is best closed, and replaced when
 * {@link KafkaClients#isReachable} says so. For one thread.
 */
public final class BrokerLink {

    /** A broker that closes an idle connection is not away. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final @Nullable Metric connections;
    private boolean connected;
    private boolean missing;
    private long missingSince;

    /** @param metrics of the client, see {@code metrics()} */
    public BrokerLink(Map<MetricName, ? extends Metric> metrics) {
        this.connections = metrics.entrySet().stream()
                .filter(each -> each.getKey().name().equals("connection-count"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Whether it was connected once and has not been for a second. Ask now and then. @param nanoTime the time now */
    public boolean isCut(long nanoTime) {
        return isCut(nanoTime, PATIENCE);
    }

    /** The same for somebody with more patience, who asks several times while it lasts. */
    public boolean isCut(long nanoTime, Duration patience) {
        if (connections != null && connections.metricValue() instanceof Number count && count.doubleValue() > 0) {
            connected = true;
            missing = false;
            return false;
        }
        // From the first look that found none: a slot that was busy for an hour did not look, and was not cut off.
        if (connected && !missing) {
            missing = true;
            missingSince = nanoTime;
        }
        return missing && nanoTime - missingSince > patience.toNanos();
    }
}
