package dev.auspex.router.kafka;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.query.ClaimWaiters;
import dev.auspex.router.query.CompletionWaiters;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Topics in, one processor with its stores, topics out. */
public final class RouterTopology {

    /** Names the routers' group, with the prefix of the topics. */
    static final String APPLICATION = "router";

    /** The store of predictions, keyed {@code account/id}. */
    public static final String PREDICTIONS = "predictions";

    /** The store of models, keyed {@code owner/name}. */
    public static final String MODELS = "models";

    /** The store of claims, keyed {@code account/claim}. */
    public static final String CLAIMS = "claims";

    /** The store of what happens at a certain time. */
    public static final String TIMERS = "timers";

    /** The store of usage, keyed {@code account/day/hardware/model}. */
    public static final String USAGE = "usage";

    /** The store of how many predictions of each account wait, keyed {@code account} and {@code account/low}. */
    public static final String QUEUED = "queued";

    /** The store of jobs that their deployments or their priority hold back, and of those that were let through. */
    static final String GATES = "gates";

    static final String DEAD_SINK = "dead";
    /** The store of deployments, keyed {@code owner/name}. */
    public static final String DEPLOYMENTS = "deployments";

    static final String SNAPSHOT_SINK = "snapshots";
    static final String CATALOG_SINK = "catalog";
    static final String DEPLOYMENT_SINK = "releases";
    static final String USAGE_SINK = "used";
    private static final String SOURCE = "records";
    private static final String PROCESSOR = "life";

    private RouterTopology() {}

    /**
     * What the processors of all partitions share.
     *
     * @param meters counted by the processors
     * @param waiters told of every end
     * @param readIndex told how far the jobs topics have been read
     * @param claims told of every claim that is decided
     * @param rules of the predictions' lives
     * @param windows for jobs of low priority
     */
    public record Parts(
            RouterMeters meters,
            CompletionWaiters waiters,
            ReadIndex readIndex,
            ClaimWaiters claims,
            Rules rules,
            LowWindows windows) {}

    /** Where the retries of a class go. */
    static String retrySink(HardwareClass hardware) {
        return "retries-" + hardware.value();
    }

    /** The topology for these topics. */
    public static Topology build(Topics topics, Parts parts) {
        List<String> sources = new ArrayList<>(topics.allQueues());
        sources.add(topics.events());
        sources.add(topics.commands());
        Topology topology = new Topology();
        // Values stay bytes until the processor has them: a record that cannot be read is its business to skip.
        topology.addSource(
                SOURCE, new StringDeserializer(), new ByteArrayDeserializer(), sources.toArray(String[]::new));
        topology.addProcessor(PROCESSOR, () -> new PredictionProcessor(topics, parts), SOURCE);
        topology.addStateStore(predictions(topics), PROCESSOR);
        topology.addStateStore(documents(MODELS, topics), PROCESSOR);
        topology.addStateStore(documents(DEPLOYMENTS, topics), PROCESSOR);
        topology.addStateStore(claims(topics), PROCESSOR);
        topology.addStateStore(cached(TIMERS, topics), PROCESSOR);
        topology.addStateStore(cached(USAGE, topics), PROCESSOR);
        topology.addStateStore(cached(QUEUED, topics), PROCESSOR);
        topology.addStateStore(cached(GATES, topics), PROCESSOR);
        topology.addSink(
                SNAPSHOT_SINK, topics.predictions(), new StringSerializer(), new ByteArraySerializer(), PROCESSOR);
        topology.addSink(
                CATALOG_SINK, topics.catalog(), new StringSerializer(), new ByteArraySerializer(), PROCESSOR);
        topology.addSink(DEAD_SINK, topics.deadJobs(), new StringSerializer(), new ByteArraySerializer(), PROCESSOR);
        for (HardwareClass hardware : topics.settings().hardware()) {
            topology.addSink(
                    retrySink(hardware), topics.retries(hardware), new StringSerializer(), new ByteArraySerializer(),
                    PROCESSOR);
        }
        topology.addSink(
                DEPLOYMENT_SINK, topics.deployments(), new StringSerializer(), new ByteArraySerializer(), PROCESSOR);
        topology.addSink(USAGE_SINK, topics.usage(), new StringSerializer(), new ByteArraySerializer(), PROCESSOR);
        return topology;
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> predictions(Topics topics) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(PREDICTIONS), Serdes.String(), Serdes.ByteArray())
                // Several moves of one prediction within a commit interval are written once.
                .withCachingEnabled()
                .withLoggingEnabled(new ChangelogTopics(topics).config());
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> claims(Topics topics) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(CLAIMS), Serdes.String(), Serdes.ByteArray())
                .withLoggingEnabled(new ChangelogTopics(topics).config());
    }

    // Small entries: one for each queued prediction with a limit and each pause before a retry; one for each day, account,
    // hardware and model, or for each account, written again and
    // again; one for each job of a deployment.
    private static StoreBuilder<KeyValueStore<String, byte[]>> cached(String name, Topics topics) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(new ChangelogTopics(topics).config());
    }

    // A few thousand small documents at most: no database of its own.
    private static StoreBuilder<KeyValueStore<String, byte[]>> documents(String name, Topics topics) {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withLoggingEnabled(new ChangelogTopics(topics).config());
    }
}
