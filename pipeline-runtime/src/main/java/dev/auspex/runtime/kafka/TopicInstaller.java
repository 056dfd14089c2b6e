package dev.auspex.runtime.kafka;

import dev.auspex.protocol.topic.TopicSpec;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.lifecycle.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for Kafka, creates the topics that are missing and refuses to go on when one has another shape. */
public final class TopicInstaller implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(TopicInstaller.class);

    private final KafkaClients kafka;
    private final Topics topics;
    private volatile boolean done;
    private volatile boolean stopped;

    public TopicInstaller(KafkaClients kafka, Topics topics) {
        this.kafka = kafka;
        this.topics = topics;
    }

    @Override
    public String name() {
        return "topics";
    }

    @Override
    public void start() throws Exception {
        try (Admin admin = kafka.admin("topics")) {
            while (!stopped) {
                try {
                    install(admin);
                    done = true;
                    return;
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof RetriableException)) {
                        throw e;
                    }
                    LOG.atWarn()
                            .addKeyValue("bootstrap", kafka.bootstrapServers())
                            .addKeyValue("cause", e.getCause().getMessage())
                            .log("waiting for Kafka");
                }
            }
        }
    }

    private void install(Admin admin) throws ExecutionException, InterruptedException {
        List<TopicSpec> wanted = topics.all();
        List<String> existing = new ArrayList<>(await(admin.listTopics().names()));
        List<NewTopic> missing = wanted.stream()
                .filter(spec -> !existing.contains(spec.name()))
                .map(spec -> new NewTopic(spec.name(), spec.partitions(), spec.replicas()).configs(spec.config()))
                .toList();
        try {
            await(admin.createTopics(missing).all());
        } catch (ExecutionException e) {
            // Another service that starts at the same time made them.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        check(await(admin.describeTopics(wanted.stream().map(TopicSpec::name).toList()).allTopicNames()));
        awaitLeaders(admin, wanted);
    }

    // A producer that meets a leader just being made can have its first batches refused and later ones accepted, after
    // which the broker refuses the first ones' retries as out of order until they expire.
    private static void awaitLeaders(Admin admin, List<TopicSpec> wanted)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicSpec spec : wanted) {
            for (int partition = 0; partition < spec.partitions(); partition++) {
                ends.put(new TopicPartition(spec.name(), partition), OffsetSpec.latest());
            }
        }
        await(admin.listOffsets(ends).all());
    }

    private void check(Map<String, TopicDescription> found) {
        List<String> problems = new ArrayList<>();
        for (TopicSpec spec : topics.all()) {
            int partitions = Objects.requireNonNull(found.get(spec.name())).partitions().size();
            if (partitions != spec.partitions()) {
                problems.add("topics.partitions (AUSPEX_TOPICS_PARTITIONS): is " + spec.partitions() + ", but topic "
                        + spec.name() + " has " + partitions);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private static <T> T await(org.apache.kafka.common.KafkaFuture<T> future)
            throws ExecutionException, InterruptedException {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new ExecutionException(new org.apache.kafka.common.errors.TimeoutException(e));
        }
    }

    @Override
    public List<String> problems() {
        return done ? List.of() : List.of("waiting for Kafka at " + kafka.bootstrapServers());
    }

    @Override
    public void stop(Duration limit) {
        stopped = true;
    }
}
