package dev.auspex.router.app;

import static dev.auspex.router.Samples.ACCOUNT;
import static dev.auspex.router.Samples.EVERYTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.router.Samples;
import dev.auspex.router.SnapshotReader;
import dev.auspex.router.SnapshotReader.Snapshot;
import dev.auspex.router.TopicReader;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of predictions whose attempts do not end them. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetryIT {

    private static final Map<String, String> QUICK =
            Map.of("router.attempt.silence", "2s", "router.retry.pause", "400ms", "data.retention", "forgetful=1s");

    private final Random random = new Random(17);
    private final KafkaClients kafka;
    private final Topics topics;
    private RouterHarness router;
    private TopicReader retries;
    private TopicReader dead;

    RetryIT(KafkaClients kafka, Topics topics) {
        this.kafka = kafka;
        this.topics = topics;
    }

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        router = RouterHarness.ready(kafka, topics, data, QUICK);
        retries = new TopicReader(kafka, topics, topics.retries(new HardwareClass("cpu")));
        dead = new TopicReader(kafka, topics, topics.deadJobs());
    }

    @AfterAll
    void stop() throws Exception {
        retries.close();
        dead.close();
        router.close();
    }

    private Job submitted(JobLimits limits) throws Exception {
        Job job = Samples.limited(PredictionId.create(Instant.now(), random), null, limits);
        router.submit(job);
        return job;
    }

    private Job submitted() throws Exception {
        return submitted(JobLimits.DEFAULT);
    }

    private void report(Job job, int worker, AttemptEvent.Body body) throws Exception {
        router.report(AttemptEvent.of(
                job, Samples.attempt(job.attempt() * 10 + worker), new ExecutorId("worker-" + worker), Instant.now(), body));
    }

    private JsonNode body(Job job) throws Exception {
        return Json.mapper().readTree(router.get(ACCOUNT, job.id(), "").body());
    }

    private String status(Job job) throws Exception {
        HttpResponse<String> read = router.get(ACCOUNT, job.id(), "");
        return read.headers().firstValue("auspex-status").orElse("none");
    }

    private Job retryOf(Job job, int round) {
        return await().atMost(Duration.ofSeconds(15)).until(
                () -> retries.poll(job.id()).stream()
                        .map(Serdes.JOB::deserialize)
                        .filter(it -> it.attempt() == round)
                        .findFirst()
                        .orElse(null),
                found -> found != null);
    }

    @Test
    void shouldPutTheJobBackWhenItsExecutorVanishes() throws Exception {
        Job job = submitted();
        report(job, 1, new AttemptEvent.Started());
        report(job, 1, Samples.output(0, "half"));

        Job again = retryOf(job, 1);

        assertThat(again).isEqualTo(job.again(1).asSuspect());
        assertThat(body(job).path("status").asText()).isEqualTo("starting");
        assertThat(body(job).path("output").isNull()).isTrue();
        report(again, 2, new AttemptEvent.Started());
        report(again, 2, Samples.output(0, "all"));
        report(job, 1, Samples.output(1, "late"));
        report(again, 2, Samples.succeeded(Instant.now(), "all"));
        await().untilAsserted(() -> assertThat(status(job)).isEqualTo("succeeded"));
        JsonNode attempts = body(job).path("attempts");
        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).path("outcome").asText()).isEqualTo("lost");
        assertThat(attempts.get(0).path("executor").asText()).isEqualTo("worker-1");
        assertThat(attempts.get(1).path("outcome").asText()).isEqualTo("succeeded");
        assertThat(attempts.get(1).path("hardware").asText()).isEqualTo("cpu");
    }

    @Test
    void shouldLeaveTheAttemptAloneWhileItSaysThatItLives() throws Exception {
        Job job = submitted();
        report(job, 1, new AttemptEvent.Started());
        Instant end = Instant.now().plusSeconds(4); // twice the silence that is allowed
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(300)).until(() -> {
            report(job, 1, new AttemptEvent.Renewed());
            return Instant.now().isAfter(end);
        });

        assertThat(retries.poll(job.id())).isEmpty();
        assertThat(status(job)).isEqualTo("processing");
        report(job, 1, Samples.succeeded(job.createdAt(), "done"));
    }

    @Test
    void shouldPutTheJobBackOnceWhenItIsHandedOutAgain() throws Exception {
        Job job = submitted();
        report(job, 1, new AttemptEvent.Started());
        report(job, 2, new AttemptEvent.Redelivered(2));
        report(job, 3, new AttemptEvent.Redelivered(3));
        Job again = retryOf(job, 1);
        report(again, 2, new AttemptEvent.Returned());

        Job third = retryOf(job, 2);

        report(third, 2, Samples.succeeded(Instant.now(), "done"));
        await().untilAsserted(() -> assertThat(status(job)).isEqualTo("succeeded"));
        assertThat(retries.poll(job.id())).hasSize(2);
    }

    @Test
    void shouldBuryTheJobWhenItBringsDownTwoExecutors() throws Exception {
        Job job = submitted();
        report(job, 1, new AttemptEvent.Started());
        report(job, 2, new AttemptEvent.Redelivered(2));
        Job again = retryOf(job, 1);
        report(again, 2, Samples.workerLost(Instant.now(), "the worker is gone"));

        await().untilAsserted(() -> assertThat(status(job)).isEqualTo("failed"));
        await().untilAsserted(() -> assertThat(dead.poll(job.id())).hasSize(1));
        DeadJob buried = Serdes.DEAD_JOB.deserialize(dead.poll(job.id()).getFirst());
        assertThat(buried.job()).isEqualTo(job);
        assertThat(buried.cause()).contains("Two different workers");
        assertThat(buried.attempts()).extracting(it -> it.executor().value()).containsExactly("worker-1", "worker-2");
        assertThat(retries.poll(job.id())).hasSize(1);
    }

    @Test
    void shouldWaitBeforeTheNextAttemptWhenThePlatformFailed() throws Exception {
        Job job = submitted(new JobLimits(2, null, null, false));
        Instant failed = Instant.now();
        report(job, 1, Samples.brokenDown(null, "out of memory"));

        Job again = retryOf(job, 1);

        assertThat(Duration.between(failed, Instant.now())).isGreaterThan(Duration.ofMillis(320));
        assertThat(body(job).path("attempts").get(0).path("error").asText()).isEqualTo("out of memory");
        report(again, 2, Samples.brokenDown(null, "out of memory again"));
        await().untilAsserted(() -> assertThat(body(job).path("error").asText()).isEqualTo("out of memory again"));
        await().untilAsserted(() -> assertThat(dead.poll(job.id())).hasSize(1));
    }

    @Test
    void shouldBeCanceledAtOnceWhenARetryWaits() throws Exception {
        Job job = submitted();
        report(job, 1, Samples.brokenDown(null, "out of memory"));
        router.command(new Command.CancelPrediction(job.id(), ACCOUNT, Instant.now()));
        await().untilAsserted(() -> assertThat(status(job)).isEqualTo("canceled"));

        Job other = submitted();
        report(other, 1, Samples.brokenDown(null, "out of memory"));
        retryOf(other, 1);
        assertThat(retries.poll(job.id())).as("the pauses are over, but it never came").isEmpty();
    }

    @Test
    void shouldAbortWhenNothingStartsItInTime() throws Exception {
        Job job = submitted(new JobLimits(3, Duration.ofSeconds(1), null, false));
        try (SnapshotReader snapshots = new SnapshotReader(kafka, topics)) {
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(status(job)).isEqualTo("aborted"));
            await().untilAsserted(() -> assertThat(snapshots.poll(job.id())).hasSize(2));
            Snapshot last = snapshots.poll(job.id()).getLast();
            assertThat(last.headers().status().wireName()).isEqualTo("aborted");
            assertThat(last.body().path("status").asText()).isEqualTo("canceled");
        }
    }

    @Test
    void shouldShowNoDataAnyMoreWhenTheyWereKeptLongEnough() throws Exception {
        AccountId forgetful = new AccountId("forgetful");
        PredictionId id = PredictionId.create(Instant.now(), random);
        router.submit(Samples.job(forgetful, id, id.createdAt(), EVERYTHING));
        router.report(new AttemptEvent(
                id, forgetful, Samples.attempt(1), Samples.EXECUTOR, Instant.now(),
                Samples.succeeded(id.createdAt(), "secret")));

        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            JsonNode body = Json.mapper().readTree(router.get(forgetful, id, "").body());
            assertThat(body.path("data_removed").asBoolean()).isTrue();
            assertThat(body.path("status").asText()).isEqualTo("succeeded");
            assertThat(body.path("output").isNull()).isTrue();
            assertThat(body.path("input")).isEmpty();
            assertThat(body.path("logs").asText()).isEmpty();
        });
    }

    @Test
    void shouldFindAReplayedPredictionAtOnceWhenItsJobCameThroughRetries() throws Exception {
        for (int i = 0; i < 20; i++) {
            PredictionId id = PredictionId.create(Instant.now(), random);
            Job replayed = Samples.job(ACCOUNT, id, id.createdAt(), EVERYTHING);
            router.send(topics.retries(replayed.hardware()), id.value(), Serdes.JOB.serialize(replayed));
            assertThat(status(replayed)).isEqualTo("starting");
        }
    }

    @Test
    void shouldSay404InTimeWhenTheRetriesEndWithAMarkerOfATransaction() throws Exception {
        Job job = submitted();
        report(job, 1, new AttemptEvent.Returned());
        retryOf(job, 1);

        for (int i = 0; i < 8; i++) {
            PredictionId unknown = PredictionId.create(Instant.now(), random);
            assertThat(router.get(ACCOUNT, unknown, "").statusCode()).as("question %s", i).isEqualTo(404);
        }
    }

    @Test
    void shouldKeepAskingForTheRightThingWhenOlderRoundsSpeak() throws Exception {
        Job job = submitted();
        report(job, 1, new AttemptEvent.Started());
        report(job, 1, new AttemptEvent.Returned());
        Job again = retryOf(job, 1);
        report(job, 1, new AttemptEvent.Started());
        report(job, 4, new AttemptEvent.Started());
        report(again, 2, new AttemptEvent.Started());
        report(again, 2, Samples.output(0, "x"));

        await().untilAsserted(() -> assertThat(body(job).path("output")).hasSize(1));
        List<JsonNode> attempts = List.of(body(job).path("attempts").get(0), body(job).path("attempts").get(1));
        assertThat(attempts).extracting(it -> it.path("outcome").asText()).containsExactly("returned", "running");
        report(again, 2, Samples.succeeded(job.createdAt(), "done"));
    }
}
