package dev.auspex.router.kafka;

import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.query.ClaimReads;
import dev.auspex.router.query.ClaimWaiters;
import dev.auspex.router.query.CompletionWaiters;
import dev.auspex.router.query.PredictionReads;
import dev.auspex.router.query.QueuedReads;
import dev.auspex.router.query.RouterAddress;
import dev.auspex.router.query.UsageReads;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running topology. Start and stop it from one thread; ask it from any. */
public final class RouterStreams {

    private static final Logger LOG = LoggerFactory.getLogger(RouterStreams.class);

    private final ChangelogTopics changelogs;
    private final Admin admin;
    private final KafkaStreams streams;
    private final ThreadReplacement replacement;
    private final PredictionReads reads;
    private final ClaimReads claimReads;
    private final UsageReads usageReads;
    private final QueuedReads queuedReads;

    /**
     * Prepares the topology; nothing runs yet.
     *
     * @param self where other routers reach this one
     * @param waiters told of every prediction that ends here
     * @param claims told of every claim that is decided here
     * @throws IOException if the state folder cannot be used
     */
    public RouterStreams(
            ServiceContext context, RouterAddress self, CompletionWaiters waiters, ClaimWaiters claims)
            throws IOException {
        Topics topics = context.topics();
        Path folder = context.settings().get(Keys.DATA).resolve("router");
        Files.createDirectories(folder);
        this.changelogs = new ChangelogTopics(topics);
        this.admin = context.kafka().admin("router-reads");
        ReadIndex readIndex =
                new ReadIndex(topics, JobOffsets.of(admin, topics.group(RouterTopology.APPLICATION)), context.clock());
        LowWindows windows = new LowWindows();
        Metric.JOBS_HELD.gauge(context.metrics(), windows::held);
        RouterTopology.Parts parts = new RouterTopology.Parts(
                new RouterMeters(context.metrics()), waiters, readIndex, claims, Rules.of(context.settings()), windows);
        this.streams = new KafkaStreams(
                RouterTopology.build(topics, parts),
                new StreamsSettings(context.settings(), topics, context.kafka().bootstrapServers())
                        .properties(self, folder, instanceId(context.settings().find(Keys.ROUTER_ADVERTISED), folder)));
        this.replacement = new ThreadReplacement(context.clock());
        streams.setUncaughtExceptionHandler(replacement);
        streams.setStateListener((now, before) -> LOG.atInfo()
                .addKeyValue("from", before)
                .addKeyValue("to", now)
                .log("router state"));
        PartitionStores stores = new PartitionStores(streams, self);
        this.reads = new StoreReads(stores, topics, readIndex);
        this.claimReads = new ClaimStoreReads(stores, topics);
        this.queuedReads = new QueuedStoreReads(stores, topics);
        this.usageReads = new UsageStoreReads(stores, topics);
    }

    /** What can be asked. */
    public PredictionReads reads() {
        return reads;
    }

    /** What can be asked about claims. */
    public ClaimReads claimReads() {
        return claimReads;
    }

    /** How long the queues are. */
    public QueuedReads queuedReads() {
        return queuedReads;
    }

    /** What can be asked about usage. */
    public UsageReads usageReads() {
        return usageReads;
    }

    /** Begins processing. Blocks until the broker has the changelog topics. */
    public void start() throws Exception {
        changelogs.install(admin);
        streams.start();
    }

    /** Why it is not ready; empty when it is. */
    public List<String> problems() {
        KafkaStreams.State state = streams.state();
        if (state == KafkaStreams.State.RUNNING) {
            return List.of();
        }
        int deaths = replacement.recentDeaths();
        return List.of("the stream processor is " + state.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
                + (deaths == 0 ? "" : ", its threads failed " + deaths + " times of late"));
    }

    /** Commits what is done and closes the stores, so that the next start restores nothing. */
    public void stop(Duration limit) {
        replacement.stop();
        boolean closed = streams.close(limit);
        admin.close(Duration.ofSeconds(1));
        if (!closed) {
            LOG.atWarn().addKeyValue("limit", limit).log("the stream processor did not stop in time");
        }
    }

    // The member's name has to outlive the process. An advertised address outlives even a lost disk.
    private static String instanceId(Optional<String> advertised, Path folder) throws IOException {
        if (advertised.isPresent()) {
            return "router-" + advertised.get().replaceAll("[^A-Za-z0-9._-]", "-");
        }
        Path file = folder.resolve("instance-id");
        if (Files.notExists(file)) {
            Path made = Files.createTempFile(folder, "instance-id", ".new");
            Files.writeString(made, "router-" + UUID.randomUUID());
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }
}
