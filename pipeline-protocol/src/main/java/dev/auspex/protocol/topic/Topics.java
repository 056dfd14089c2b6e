package dev.auspex.protocol.topic;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;

/**
 * The one list of topics and groups; no topic name stands anywhere else. Immutable; safe for any thread.
 *
 * @param settings the installation's choices
 */
public record Topics(TopicSettings settings) {

    private static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(30);
    /** How long the outcome of a webhook attempt can be asked for. */
    public static final Duration DELIVERY_LOG_RETENTION = Duration.ofDays(14);
    /** Longer than anybody wants to see a worker that is gone. */
    private static final Duration WORKER_RETENTION = Duration.ofHours(1);
    /** How long an ended replay can be asked for. */
    public static final Duration REPLAY_RETENTION = Duration.ofDays(30);
    /** How long what was used can be asked for: a year and a month to argue about it. */
    public static final Duration USAGE_RETENTION = Duration.ofDays(400);
    /** The largest record of any topic; clients that produce or fetch are set to the same. */
    public static final int MAX_RECORD_BYTES = 16 * 1024 * 1024;

    /** {@code jobs.<class>}: {@link dev.auspex.protocol.Job} by prediction id. Written by gateway and router. */
    public String jobs(HardwareClass hardware) {
        return settings.prefix() + "jobs." + hardware.value();
    }

    /** Every jobs topic. */
    public List<String> allJobs() {
        return settings.hardware().stream().map(this::jobs).toList();
    }

    /**
     * {@code jobs.<class>.retries}: what the router puts into a queue again, by prediction id: retries and replays. Apart
     * from the submissions because it is written in transactions: an open one would hold every submission behind it back.
     * Read committed.
     */
    public String retries(HardwareClass hardware) {
        return jobs(hardware) + ".retries";
    }

    /** Every retries topic. */
    public List<String> allRetries() {
        return settings.hardware().stream().map(this::retries).toList();
    }

    /**
     * {@code jobs.held}: jobs of deployments and of low priority, whatever their class, by prediction id. Executors do not
     * read it: the router puts them into {@link #retries}, as many of a deployment as it may have instances, and of low
     * priority as executors take. Written by gateways, and by replays in transactions: read committed.
     */
    public String heldJobs() {
        return settings.prefix() + "jobs.held";
    }

    /** Where a gateway submits a job. */
    public String submissions(Job job) {
        return job.deployment() != null || job.priority().isHeld() ? heldJobs() : jobs(job.hardware());
    }

    /** Every topic that holds jobs: submissions first, then retries, then those that are held back. */
    public List<String> allQueues() {
        List<String> queues = new ArrayList<>(allJobs());
        queues.addAll(allRetries());
        queues.add(heldJobs());
        return List.copyOf(queues);
    }

    /** {@link dev.auspex.protocol.event.AttemptEvent} by prediction id. Written by executors. */
    public String events() {
        return settings.prefix() + "events";
    }

    /** {@link dev.auspex.protocol.command.Command} by what it is about. Written by gateways and executors. */
    public String commands() {
        return settings.prefix() + "commands";
    }

    /**
     * A snapshot after every accepted transition, by prediction id: the API's JSON as value, {@link SnapshotHeaders} as
     * headers. Written by the router in transactions: read committed.
     */
    public String predictions() {
        return settings.prefix() + "predictions";
    }

    /**
     * Jobs that are not tried again: {@link dev.auspex.protocol.DeadJob} by prediction id, written by the router; by
     * executors, job records that cannot be read, as they are, with a header {@code cause}; and without value, but with
     * {@link ReplayHeaders}, that a replay has submitted one again.
     */
    public String deadJobs() {
        return settings.prefix() + "jobs.dead";
    }

    /**
     * {@link dev.auspex.protocol.replay.ReplayRecord} by replay id and kind, compacted, in the partition of the account:
     * one router decides which of an account's replays run. Requests are written as they come, progress in the transaction of the jobs it counts: read committed.
     */
    public String replays() {
        return settings.prefix() + "replays";
    }

    /** Webhook deliveries whose retry is due. Written by the dispatcher's scheduler. */
    public String deliveries() {
        return settings.prefix() + "deliveries";
    }

    /** What became of every webhook delivery attempt. Written by the dispatcher's senders. */
    public String deliveryResults() {
        return settings.prefix() + "delivery-results";
    }

    /** {@link dev.auspex.protocol.catalog.Model} by {@code owner/name}, compacted. Written by the router. */
    public String catalog() {
        return settings.prefix() + "catalog";
    }

    /** {@link dev.auspex.protocol.catalog.Deployment} by {@code owner/name}, compacted. Written by the router. */
    public String deployments() {
        return settings.prefix() + "deployments";
    }

    /**
     * {@link dev.auspex.protocol.delivery.WebhookEndpoint} by {@code account/id}, compacted; without value when it was
     * removed. Written and followed by dispatchers. Holds what users put into headers: protect it.
     */
    public String webhookEndpoints() {
        return settings.prefix() + "webhook-endpoints";
    }

    /**
     * {@link dev.auspex.protocol.usage.AttemptUsage} by account: what every attempt used. Written by the router in
     * transactions: read committed.
     */
    public String usage() {
        return settings.prefix() + "usage";
    }

    /**
     * {@link dev.auspex.protocol.access.AccessRecord} by what it is about, compacted: accounts, and tokens as hashes.
     * Written and followed by gateways: who may write here may let anybody in.
     */
    public String access() {
        return settings.prefix() + "access";
    }

    /**
     * {@link dev.auspex.protocol.worker.WorkerStatus} by executor id, compacted; without value when it has stopped. Written
     * by executors, followed by gateways.
     */
    public String workers() {
        return settings.prefix() + "workers";
    }

    /** The share group whose members run the jobs of a class. */
    public String executorGroup(HardwareClass hardware) {
        return settings.prefix() + "executors." + hardware.value();
    }

    /** The id of a group or of a Streams application. */
    public String group(String name) {
        return settings.prefix() + name;
    }

    /** The partition of an account's replays. */
    public int partitionOf(AccountId account) {
        return Utils.toPositive(Utils.murmur2(account.value().getBytes(StandardCharsets.UTF_8))) % settings.partitions();
    }

    /** The partition of every topic keyed by prediction id; what Kafka's default partitioner chooses. */
    public int partitionOf(PredictionId id) {
        return partitionOf(id.value());
    }

    /** The partition that Kafka's default partitioner chooses for a record key. */
    public int partitionOf(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % settings.partitions();
    }

    /** All topics, as they have to exist. */
    public List<TopicSpec> all() {
        List<TopicSpec> specs = new ArrayList<>();
        allJobs().forEach(jobs -> specs.add(byTime(jobs, settings.retention())));
        allRetries().forEach(retries -> specs.add(byTime(retries, settings.retention())));
        specs.add(byTime(heldJobs(), settings.retention()));
        specs.add(byTime(events(), settings.retention()));
        specs.add(byTime(commands(), settings.retention()));
        specs.add(spec(predictions(), Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(settings.retention().toMillis()))));
        specs.add(byTime(deadJobs(), DEAD_LETTER_RETENTION));
        specs.add(spec(replays(), Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(REPLAY_RETENTION.toMillis()))));
        specs.add(byTime(deliveries(), settings.retention()));
        specs.add(byTime(deliveryResults(), DELIVERY_LOG_RETENTION));
        specs.add(byTime(usage(), USAGE_RETENTION));
        specs.add(spec(access(), Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
        specs.add(spec(webhookEndpoints(), Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
        specs.add(spec(catalog(), Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
        specs.add(spec(deployments(), Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
        specs.add(spec(workers(), Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(WORKER_RETENTION.toMillis()))));
        return List.copyOf(specs);
    }

    private TopicSpec byTime(String name, Duration retention) {
        return spec(name, Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis())));
    }

    private TopicSpec spec(String name, Map<String, String> config) {
        Map<String, String> all = new java.util.HashMap<>(config);
        all.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_RECORD_BYTES));
        if (settings.replicas() >= 3) {
            // With replication 3 an acknowledged record is on two machines: the promise behind every 2xx.
            all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        return new TopicSpec(name, settings.partitions(), settings.replicas(), all);
    }
}
