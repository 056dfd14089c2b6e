package dev.auspex.executor.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings a share group of workers needs, put on the group before its first member joins.
 *
 * @param everyPartition whether each member reads every partition, so that idle members hold nothing back
 */
public record GroupSettings(boolean everyPartition) {

    private static final Logger LOG = LoggerFactory.getLogger(GroupSettings.class);
    private static final String ASSIGNORS = "group.share.assignors";
    /** The broker plug-in in the embedded-broker module; the name is all this module knows of it. */
    private static final String EVERY_PARTITION = "EveryPartitionAssignor";

    /**
     * Sets the group up. What a broker's bounds refuse is tried closer to its defaults, then left alone with a warning.
     *
     * @param lock how long a silent worker keeps its record
     * @throws ExecutionException if the cluster cannot be asked
     */
    public static GroupSettings apply(Admin admin, String group, Duration lock)
            throws ExecutionException, InterruptedException {
        // Each setting with its values, best first. The limit, past which the broker drops a record without a word: far
        // from what crashes can reach, because a record that was handed out before is accepted, not run.
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        wanted.put("share.auto.offset.reset", List.of("earliest"));
        wanted.put("share.record.lock.duration.ms", List.of(Long.toString(lock.toMillis()), "15000", "30000"));
        wanted.put("share.delivery.count.limit", List.of("25", "10"));
        // The router writes retries in transactions: what it took back must not run.
        wanted.put("share.isolation.level", List.of("read_committed"));
        wanted.put("share.heartbeat.interval.ms", List.of("1000", "5000"));
        wanted.put("share.session.timeout.ms", List.of("10000", "45000"));
        wanted.put("share.renew.acknowledge.enable", List.of("true"));
        for (Map.Entry<String, List<String>> setting : wanted.entrySet()) {
            set(admin, group, setting.getKey(), setting.getValue());
        }
        boolean everyPartition = everyPartition(admin);
        if (!everyPartition) {
            LOG.atWarn()
                    .addKeyValue("group", group)
                    .addKeyValue("setting", ASSIGNORS)
                    .log("this broker gives each partition to some workers only: jobs can wait behind a busy one, and"
                            + " quick jobs are not batched");
        }
        return new GroupSettings(everyPartition);
    }

    private static void set(Admin admin, String group, String key, List<String> values)
            throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        String refusal = "";
        for (String value : values) {
            try {
                get(admin.incrementalAlterConfigs(Map.of(
                                resource,
                                List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
                        .all());
                if (!value.equals(values.getFirst())) {
                    warn(group, key, value, refusal);
                }
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof InvalidConfigurationException
                        || e.getCause() instanceof InvalidRequestException)) {
                    throw e;
                }
                refusal = String.valueOf(e.getCause().getMessage());
            }
        }
        warn(group, key, "the broker's default", refusal);
    }

    private static void warn(String group, String key, String value, String refusal) {
        LOG.atWarn()
                .addKeyValue("group", group)
                .addKeyValue("setting", key)
                .addKeyValue("using", value)
                .addKeyValue("broker", refusal)
                .log("share group setting refused");
    }

    private static boolean everyPartition(Admin admin) throws ExecutionException, InterruptedException {
        Node node = get(admin.describeCluster().nodes()).iterator().next();
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
        Config config = Objects.requireNonNull(get(admin.describeConfigs(List.of(broker)).all()).get(broker));
        ConfigEntry assignors = config.get(ASSIGNORS);
        return assignors != null && String.valueOf(assignors.value()).contains(EVERY_PARTITION);
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ExecutionException(e);
        }
    }
}
