package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ReadIndexTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> committed =
            new HashMap<>(Map.of(new TopicPartition("t.jobs.held", 0), 0L));
    private final AtomicInteger lookups = new AtomicInteger();
    private final Topics topics = new Topics(new TopicSettings(
            "t.", 1, (short) 1, Duration.ofDays(1), List.of(new HardwareClass("cpu"), new HardwareClass("gpu"))));
    private final TopicPartition cpu = new TopicPartition("t.jobs.cpu", 0);
    private final TopicPartition gpu = new TopicPartition("t.jobs.gpu", 0);
    private final TopicPartition cpuRetries = new TopicPartition("t.jobs.cpu.retries", 0);
    private final TopicPartition gpuRetries = new TopicPartition("t.jobs.gpu.retries", 0);
    private final ReadIndex index = new ReadIndex(topics, new FakeOffsets(), Clock.fixed(NOW, ZoneOffset.UTC));

    private final class FakeOffsets implements JobOffsets {
        @Override
        public CompletableFuture<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
            lookups.incrementAndGet();
            return CompletableFuture.completedFuture(Map.copyOf(ends));
        }

        @Override
        public CompletableFuture<Map<TopicPartition, Long>> committed(Collection<TopicPartition> partitions) {
            return CompletableFuture.completedFuture(Map.copyOf(committed));
        }
    }

    @Test
    void shouldWaitWhenAJobHasNotBeenProcessedYet() {
        committed.putAll(Map.of(cpuRetries, 0L, gpuRetries, 0L, cpu, 5L, gpu, 0L));
        ends.putAll(Map.of(cpu, 7L, gpu, 0L));
        JobsProgress progress = index.assigned(0);

        CompletableFuture<Boolean> answer = index.caughtUp(0, NOW);
        assertThat(answer).isNotDone();
        progress.processed(0, 5);
        assertThat(answer).isNotDone();
        progress.processed(0, 6);

        assertThat(answer).isCompletedWithValue(true);
    }

    @Test
    void shouldWaitWhenAReplayedJobHasNotBeenProcessedYet() {
        committed.putAll(Map.of(cpuRetries, 1L, gpuRetries, 0L, cpu, 5L, gpu, 0L));
        ends.putAll(Map.of(cpu, 5L, gpu, 0L, cpuRetries, 2L));
        JobsProgress progress = index.assigned(0);

        CompletableFuture<Boolean> answer = index.caughtUp(0, NOW);
        assertThat(answer).isNotDone();
        progress.processed(2, 1);

        assertThat(answer).isCompletedWithValue(true);
    }

    @Test
    void shouldBeSureAtOnceWhenEverythingWasCommittedBefore() {
        committed.putAll(Map.of(cpuRetries, 0L, gpuRetries, 0L, cpu, 7L, gpu, 3L));
        ends.putAll(committed);
        index.assigned(0);

        assertThat(index.caughtUp(0, NOW)).isCompletedWithValue(true);
    }

    @Test
    void shouldNotAskAgainWhenTheIdIsOlderThanWhatWasMadeSure() {
        committed.putAll(Map.of(cpuRetries, 0L, gpuRetries, 0L, cpu, 7L, gpu, 3L));
        ends.putAll(committed);
        index.assigned(0);
        index.caughtUp(0, NOW).join();
        int asked = lookups.get();

        assertThat(index.caughtUp(0, NOW.minus(Duration.ofMinutes(5)))).isCompletedWithValue(true);
        assertThat(lookups).hasValue(asked);
        assertThat(index.caughtUp(0, NOW.minus(Duration.ofSeconds(5)))).isCompletedWithValue(true);
        assertThat(lookups).as("within the tolerance of the clocks").hasValue(asked + 1);
    }

    @Test
    void shouldForgetWhatItKnewWhenThePartitionIsAssignedAnew() {
        committed.putAll(Map.of(cpuRetries, 0L, gpuRetries, 0L, cpu, 7L, gpu, 3L));
        ends.putAll(committed);
        index.assigned(0);
        index.caughtUp(0, NOW).join();
        committed.put(cpu, 4L);
        JobsProgress progress = index.assigned(0);

        CompletableFuture<Boolean> answer = index.caughtUp(0, NOW.minus(Duration.ofMinutes(5)));

        assertThat(answer).isNotDone();
        progress.processed(0, 6);
        assertThat(answer).isCompletedWithValue(true);
    }

    @Test
    void shouldGoPastTransactionMarkersWhenTheCommitsDo() {
        committed.putAll(Map.of(cpuRetries, 0L, gpuRetries, 0L, cpu, 5L, gpu, 0L));
        ends.putAll(Map.of(cpu, 6L, gpu, 0L));
        index.assigned(0);
        CompletableFuture<Boolean> answer = index.caughtUp(0, NOW);
        assertThat(answer).isNotDone();

        committed.put(cpu, 6L);

        await().untilAsserted(() -> assertThat(answer).isCompletedWithValue(true));
    }

    @Test
    void shouldShareALookupButNeverAnOlderOneWhenManyAsk() {
        AtomicInteger begun = new AtomicInteger();
        CompletableFuture<Integer> first = new CompletableFuture<>();
        CompletableFuture<Integer> second = new CompletableFuture<>();
        SharedLookup<Integer> lookup = new SharedLookup<>(() -> begun.getAndIncrement() == 0 ? first : second);

        CompletableFuture<Integer> early = lookup.ask();
        CompletableFuture<Integer> late = lookup.ask();
        CompletableFuture<Integer> later = lookup.ask();
        assertThat(begun).hasValue(1);
        first.complete(1);
        assertThat(early).isCompletedWithValue(1);
        assertThat(late).isNotDone();
        second.complete(2);

        assertThat(late).isCompletedWithValue(2);
        assertThat(later).isCompletedWithValue(2);
        assertThat(begun).hasValue(2);
    }
}
