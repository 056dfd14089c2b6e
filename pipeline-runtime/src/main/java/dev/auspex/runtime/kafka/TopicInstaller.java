package dev.auspex.runtime.kafka;

import dev.auspex.protocol.topic.TopicSpec;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Mode;
import dev.auspex.runtime.lifecycle.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for Kafka, for as long as it takes and saying so now and then, creates the topics that are missing and refuses to go
 * on when what is there cannot keep the promises.
 */
public final class TopicInstaller implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(TopicInstaller.class);
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration SAY_SO_EVERY = Duration.ofSeconds(30);

    private final KafkaClients kafka;
    private final Topics topics;
    private final Mode mode;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean done;
    private volatile String waitingFor;
    private long saidAt;
    private boolean said;

    /** For trying things out: what is unsafe is only warned of. */
    public TopicInstaller(KafkaClients kafka, Topics topics) {
        this(kafka, topics, Mode.DEVELOPMENT);
    }

    /** @param mode whether topics that can lose records are refused */
    public TopicInstaller(KafkaClients kafka, Topics topics, Mode mode) {
        this.kafka = kafka;
        this.topics = topics;
        this.mode = mode;
        this.waitingFor = "waiting for Kafka at " + kafka.bootstrapServers();
    }

    @Override
    public String name() {
        return "topics";
    }

    /** @throws ConfigException if topics have another shape than the settings, or are unsafe in production */
    @Override
    public void start() throws Exception {
        do {
            try (Admin admin = kafka.admin("topics")) {
                if (enoughBrokers(admin)) {
                    install(admin);
                    done = true;
                    if (said) {
                        LOG.atInfo().addKeyValue("bootstrap", kafka.bootstrapServers()).log("Kafka is there");
                    }
                    return;
                }
            } catch (ExecutionException e) {
                if (!passes(e.getCause())) {
                    throw e;
                }
                sayWaiting(e.getCause());
            } catch (KafkaException e) {
                if (!unresolved(e)) {
                    throw e;
                }
                sayWaiting(e.getCause());
            }
        } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    }

    // A short question first: the answers to the others may take a minute.
    private boolean enoughBrokers(Admin admin) throws ExecutionException, InterruptedException {
        int brokers = ClusterCheck.await(admin.describeCluster(
                        new DescribeClusterOptions().timeoutMs((int) FIRST_ANSWER.toMillis()))
                .nodes()).size();
        if (brokers < topics.settings().replicas()) {
            waitingFor = "Kafka has " + brokers + " brokers, topics.replicas needs " + topics.settings().replicas();
            sayWaiting(new InvalidReplicationFactorException(waitingFor));
            return false;
        }
        return true;
    }

    private static boolean passes(@Nullable Throwable cause) {
        return cause instanceof RetriableException || cause instanceof InvalidReplicationFactorException;
    }

    // In a network of containers a name exists when its container runs.
    private static boolean unresolved(KafkaException e) {
        return e.getCause() instanceof org.apache.kafka.common.config.ConfigException cause
                && String.valueOf(cause.getMessage()).contains("No resolvable bootstrap urls");
    }

    private void sayWaiting(@Nullable Throwable cause) {
        long now = System.nanoTime();
        if (said && now - saidAt < SAY_SO_EVERY.toNanos()) {
            return;
        }
        said = true;
        saidAt = now;
        LOG.atWarn()
                .addKeyValue("bootstrap", kafka.bootstrapServers())
                .addKeyValue("cause", cause == null ? "" : cause.getMessage())
                .log("waiting for Kafka");
    }

    private void install(Admin admin) throws ExecutionException, InterruptedException {
        List<TopicSpec> wanted = topics.all();
        List<String> existing = new ArrayList<>(ClusterCheck.await(admin.listTopics().names()));
        List<NewTopic> missing = wanted.stream()
                .filter(spec -> !existing.contains(spec.name()))
                .map(spec -> new NewTopic(spec.name(), spec.partitions(), spec.replicas()).configs(spec.config()))
                .toList();
        try {
            ClusterCheck.await(admin.createTopics(missing).all());
        } catch (ExecutionException e) {
            // Another service that starts at the same time made them.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        judge(new ClusterCheck(admin, topics).findings());
        awaitLeaders(admin, wanted);
    }

    private void judge(TopicFindings findings) {
        List<String> problems = new ArrayList<>(findings.wrong());
        if (mode == Mode.PRODUCTION) {
            problems.addAll(findings.unsafe());
        } else {
            findings.unsafe().forEach(problem -> LOG.atWarn().addKeyValue("finding", problem).log("not safe in production"));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
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
        ClusterCheck.await(admin.listOffsets(ends).all());
    }

    @Override
    public List<String> problems() {
        return done ? List.of() : List.of(waitingFor);
    }

    @Override
    public void stop(Duration limit) {
        stopped.countDown();
    }
}
