package dev.auspex.dispatcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.MessageId;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits is on disk: neither the heap nor a look for what is due grows with it. */
class PendingStoreTest {

    private static final int MANY = 100_000;
    /** In memory they would be more than 150 MB: a body of 1 KiB each. */
    private static final int BODY_BYTES = 1024;
    private static final long HEAP_GROWTH_LIMIT = 16L << 20;
    private static final long NOW = 1_800_000_000_000L;
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private CountingStore counted;

    @BeforeEach
    void open(@TempDir Path folder) {
        System.out.println("seed " + seed);
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(SchedulerProcessor.STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
        Topics topics = new Topics(new TopicSettings(
                "test.", 1, (short) 1, Duration.ofDays(1), List.of(new HardwareClass("cpu"))));
        MockProcessorContext<Void, Void> context = new MockProcessorContext<>(
                DeliveryScheduler.properties("none:1", topics, "test", folder), new TaskId(0, 0), folder.toFile());
        store.init(context.getStateStoreContext(), store);
        counted = new CountingStore(store);
    }

    @AfterEach
    void close() {
        counted.close();
    }

    @Test
    void shouldKeepTheHeapFlatAndFindWhatIsDueWithoutPassingTheRestWhenManyWait() {
        PendingStore pending = new PendingStore(counted);
        fill(pending, 1000); // classes and buffers that are there anyway
        long before = usedHeap();
        fill(pending, MANY);
        assertThat(usedHeap() - before).as("bytes of heap for %d messages", MANY).isLessThan(HEAP_GROWTH_LIMIT);
        assertThat(pending.size()).isEqualTo(MANY + 1000);

        List<MessageId> soon = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            soon.add(add(pending, NOW + i));
        }
        counted.reset();
        assertThat(pending.due(NOW + 5, 500)).containsExactlyElementsOf(soon.subList(0, 6));
        assertThat(pending.next()).hasValue(NOW);
        for (MessageId id : soon) {
            pending.remove(pending.find(id));
        }
        assertThat(pending.due(NOW + 5, 500)).isEmpty();
        assertThat(pending.next().getAsLong()).isGreaterThanOrEqualTo(NOW + HOUR);
        assertThat(counted.passed()).as("keys that were looked at").isLessThan(20);
    }

    @Test
    void shouldGoOnWithWhatWaitsWhenItIsOpenedAgain() {
        PendingStore before = new PendingStore(counted);
        fill(before, 100);
        MessageId first = add(before, NOW);
        PendingStore after = new PendingStore(counted);
        assertThat(after.size()).isEqualTo(101);
        assertThat(after.next()).hasValue(NOW);
        assertThat(after.due(NOW, 10)).containsExactly(first);
        assertThat(after.body(first)).hasSize(BODY_BYTES);
    }

    @Test
    void shouldKnowTheEarliestWhateverIsAddedMovedAndRemoved() {
        PendingStore pending = new PendingStore(counted);
        Map<MessageId, Long> model = new HashMap<>();
        for (int step = 0; step < 3000; step++) {
            MessageId some = model.isEmpty() ? null : List.copyOf(model.keySet()).get(random.nextInt(model.size()));
            long due = NOW + random.nextInt(50); // many at the same time
            switch (random.nextInt(some == null ? 1 : 3)) {
                case 0 -> model.put(add(pending, due), due);
                case 1 -> {
                    pending.replace(pending.find(some), pending.find(some).due(due));
                    model.put(some, due);
                }
                default -> {
                    pending.remove(pending.find(some));
                    model.remove(some);
                }
            }
            assertThat(pending.size()).isEqualTo(model.size());
            if (model.isEmpty()) {
                assertThat(pending.next()).isEmpty();
            } else if (random.nextBoolean()) {
                assertThat(pending.next()).hasValue(Collections.min(model.values()));
                assertThat(pending.due(NOW + 10, 10_000)).containsExactlyInAnyOrderElementsOf(model.entrySet().stream()
                        .filter(one -> one.getValue() <= NOW + 10).map(Map.Entry::getKey).toList());
            }
        }
    }

    @Test
    void shouldNotLookForTheEarliestWhenLaterOnesAreAdded() {
        PendingStore pending = new PendingStore(counted);
        counted.reset();
        for (int i = 0; i < 100; i++) {
            add(pending, NOW + i);
            assertThat(pending.next()).hasValue(NOW);
        }
        assertThat(counted.passed()).isZero();
    }

    private void fill(PendingStore pending, int count) {
        for (int i = 0; i < count; i++) {
            add(pending, NOW + HOUR + random.nextLong(HOUR));
        }
    }

    private MessageId add(PendingStore pending, long dueMillis) {
        Delivery delivery = Delivery.of(
                PredictionId.create(Instant.ofEpochMilli(NOW), random), new AccountId("acme"), WebhookEvent.COMPLETED, 3,
                "https://hooks.example.test/in", Instant.ofEpochMilli(NOW));
        pending.add(new PendingDelivery(delivery, 1, 0, dueMillis), new byte[BODY_BYTES]);
        return delivery.id();
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
