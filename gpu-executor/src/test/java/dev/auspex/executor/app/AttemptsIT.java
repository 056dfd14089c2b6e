package dev.auspex.executor.app;

import static dev.auspex.executor.app.ExecutorHarness.CPU;
import static dev.auspex.executor.app.ExecutorHarness.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.executor.journal.Entry;
import dev.auspex.executor.journal.Journal;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Which jobs an executor runs and which it leaves to the router. */
@ExtendWith(KafkaExtension.class)
class AttemptsIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path data;

    private ExecutorHarness harness;

    @BeforeEach
    void open(KafkaClients kafka, Topics topics) {
        harness = new ExecutorHarness(kafka, topics, data);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void shouldNotRunAJobButReportItWhenItWasHandedOutBefore(KafkaClients kafka, Topics topics) throws Exception {
        GpuExecutor setsUpTheGroup = harness.start(Map.of());
        await().atMost(SOON).untilAsserted(() -> assertThat(setsUpTheGroup.problems()).isEmpty());
        harness.stop(setsUpTheGroup, Duration.ofSeconds(3));
        Job job = harness.job("echo", echo("again", 0, 0));
        harness.submit(job).get();
        KafkaShareConsumer<String, byte[]> dies =
                kafka.shareConsumer("dies", topics.executorGroup(CPU), 1, Map.of());
        dies.subscribe(List.of(topics.jobs(CPU)));
        await().atMost(SOON).untilAsserted(() -> assertThat(dies.poll(Duration.ofMillis(200)).count()).isEqualTo(1));
        dies.close();

        harness.start(Map.of());

        await().atMost(SOON).untilAsserted(
                () -> assertThat(harness.bodies(job.id())).containsExactly(new AttemptEvent.Redelivered(2)));
        harness.retry(job.again(1));
        await().atMost(SOON).untilAsserted(
                () -> assertThat(harness.ends(job.id())).singleElement().isInstanceOf(AttemptEvent.Succeeded.class));
        assertThat(harness.bodies(job.id()).get(1))
                .as("a second try always says that it begins, so that the router knows if it kills its worker")
                .isInstanceOf(AttemptEvent.Started.class);
    }

    @Test
    void shouldNotRunAJobAgainWhenAProcessOnThisFolderDiedOfIt() throws Exception {
        Job job = harness.job("echo", echo("killer", 0, 0));
        Journal died = Journal.open(data.resolve("journal"), 1, Instant.EPOCH);
        died.cell().begin(Entry.of(job, AttemptId.create(Instant.now(), new SecureRandom()), Instant.now()));
        died.close();
        harness.submit(job).get();

        harness.start(Map.of());

        await().atMost(SOON).untilAsserted(
                () -> assertThat(harness.bodies(job.id())).containsExactly(new AttemptEvent.Redelivered(1)));
        harness.retry(job.again(1));
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(job.id())).hasSize(1));
    }

    @Test
    void shouldGiveAJobBackWhenItDoesNotEndInTimeForTheStop() throws Exception {
        GpuExecutor first = harness.start(Map.of());
        PredictionId id = harness.submit("echo", echo("a b c d", 6, 0));
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.of(id)).isNotEmpty());
        AttemptId firstAttempt = harness.of(id).getFirst().attempt();

        harness.stop(first, Duration.ofSeconds(1));

        await().atMost(SOON).untilAsserted(() -> assertThat(harness.of(id).getLast().body())
                .isEqualTo(new AttemptEvent.Returned()));
        assertThat(harness.of(id)).extracting(AttemptEvent::attempt).containsOnly(firstAttempt);
        harness.start(Map.of());
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(id)).hasSize(1));
        assertThat(harness.of(id))
                .as("accepted when it was given back")
                .noneMatch(event -> event.round() == 0 && event.body() instanceof AttemptEvent.Redelivered);
        assertThat(harness.of(id).getLast().attempt()).isNotEqualTo(firstAttempt);
    }

    @Test
    void shouldRunWhatARouterPutsBackOnlyWhenItsTransactionIsCommitted(KafkaClients kafka, Topics topics)
            throws Exception {
        Job takenBack = harness.job("echo", echo("never", 0, 0)).again(1);
        Job committed = harness.job("echo", echo("again", 0, 0)).again(1);
        try (KafkaProducer<String, byte[]> router = kafka.producer(
                "router", Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.settings().prefix() + "router"))) {
            router.initTransactions();
            router.beginTransaction();
            router.send(record(topics, takenBack)).get();
            router.abortTransaction();
            harness.start(Map.of());
            router.beginTransaction();
            router.send(record(topics, committed)).get();
            router.commitTransaction();
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(committed.id())).hasSize(1));
        assertThat(harness.of(takenBack.id())).isEmpty();
    }

    private static ProducerRecord<String, byte[]> record(Topics topics, Job job) {
        return new ProducerRecord<>(topics.retries(CPU), job.id().value(), Serdes.JOB.serialize(job));
    }

    @Test
    void shouldNeverStartAJobWhenItsTimeIsOver() throws Exception {
        Job tooLate = harness.echoJob(echo("x", 0, 0), Instant.now().minusMillis(1), JobLimits.DEFAULT);
        Job queuedTooLong = harness.echoJob(
                echo("x", 0, 0), null, new JobLimits(3, Duration.ofMillis(1), null, false));
        harness.submit(tooLate);
        harness.submit(queuedTooLong);

        harness.start(Map.of());

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(harness.ends(tooLate.id())).singleElement().isInstanceOf(AttemptEvent.Canceled.class);
            assertThat(harness.ends(queuedTooLong.id())).singleElement().isInstanceOf(AttemptEvent.Canceled.class);
        });
        assertThat(harness.ends(tooLate.id()).getFirst().startedAt()).isNull();
        assertThat(harness.ends(queuedTooLong.id()).getFirst().startedAt()).isNull();
    }
}
