package dev.auspex.executor.app;

import static dev.auspex.executor.app.ExecutorHarness.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class BatchGearIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    /** Slow jobs end only when they are canceled, so no test depends on how fast the machine is. */
    private static final double SLOW_SECONDS = 3_600;

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
    void shouldDelayNoOtherJobWhenASlowOneComesAmidBatchesOfQuickOnes() throws Exception {
        harness.start(Map.of("executor.slots", "2", "executor.lock", "4s"));

        // Which jobs come together in a poll is up to the machine, and batches begin when their consumers have been members of
        // the group for 2.5 s.
        await().atMost(LONG).pollInterval(Duration.ofMillis(100)).until(this::someWaitedBehindASlowOneAndWereGivenBack);
    }

    private boolean someWaitedBehindASlowOneAndWereGivenBack() throws Exception {
        // The quick ones before it bring the slots to take batches, those behind it fill the batch that it is in.
        List<PredictionId> quick = submit(80, 0);
        PredictionId slow = harness.submit("echo", echo("slow", SLOW_SECONDS, 0));
        quick.addAll(submit(80, 0));

        awaitEnds(quick);
        assertThat(harness.ends(slow)).as("the slow job still runs when all others are done").isEmpty();
        await().atMost(LONG).untilAsserted(
                () -> assertThat(harness.of(slow)).as("its start is known, also if it was in a batch").isNotEmpty());
        harness.cancel(slow, ExecutorHarness.ACCOUNT);
        await().atMost(LONG).untilAsserted(
                () -> assertThat(harness.ends(slow)).singleElement().isInstanceOf(AttemptEvent.Canceled.class));
        assertThat(quick).as("none ran twice").allMatch(id -> harness.ends(id).size() == 1 && attempts(id) == 1);
        assertThat(attempts(slow)).isEqualTo(1);
        return quick.stream().anyMatch(id -> harness.bodies(id).contains(new AttemptEvent.Returned()));
    }

    @Test
    void shouldLeaveNoJobWaitingWhenTheOtherSlotsAreBusyForLong() throws Exception {
        harness.start(Map.of("executor.slots", "3", "executor.lock", "4s"));
        List<PredictionId> slow = submit(2, SLOW_SECONDS);
        await().atMost(LONG).untilAsserted(() -> assertThat(slow).noneMatch(id -> harness.of(id).isEmpty()));

        List<PredictionId> quick = submit(40, 0);

        awaitEnds(quick);
        assertThat(slow).as("quick jobs of every partition passed the slow ones").allMatch(id -> harness.ends(id).isEmpty());
        for (PredictionId id : slow) {
            harness.cancel(id, ExecutorHarness.ACCOUNT);
        }
        awaitEnds(slow);
    }

    private void awaitEnds(List<PredictionId> ids) {
        await().atMost(LONG).untilAsserted(
                () -> assertThat(ids.stream().filter(id -> harness.ends(id).isEmpty()).count()).isZero());
    }

    private int attempts(PredictionId id) {
        HashSet<Object> attempts = new HashSet<>();
        harness.of(id).stream()
                .filter(event -> !(event.body() instanceof AttemptEvent.Returned))
                .map(AttemptEvent::attempt)
                .forEach(attempts::add);
        return attempts.size();
    }

    private List<PredictionId> submit(int count, double seconds) {
        List<PredictionId> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Job job = harness.job("echo", echo("job " + i, seconds, 0));
            harness.submit(job);
            ids.add(job.id());
        }
        harness.producer.flush();
        return ids;
    }
}
