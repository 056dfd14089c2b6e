package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

class RetentionSweepTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(7);

    private final Random random = new Random(3);
    private final KeyValueStore<String, byte[]> store = new SortedStore();
    private final StateTable table = new StateTable(store);

    private String put(String account, Duration age) {
        String key = StoreKey.of(new AccountId(account), PredictionId.create(NOW.minus(age), random));
        store.put(key, new byte[] {1});
        return key;
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                keys.add(entry.key);
            }
        }
        return keys;
    }

    @Test
    void shouldRemoveOnlyWhatIsExpiredWhenAccountsAreMixed() {
        List<String> kept = new ArrayList<>();
        for (String account : List.of("a", "a-b", "a0", "b")) {
            put(account, Duration.ofDays(8));
            put(account, Duration.ofDays(7).plusMillis(1));
            kept.add(put(account, Duration.ofDays(7).minusMillis(1)));
            kept.add(put(account, Duration.ZERO));
        }

        int removed = new RetentionSweep(table, RETENTION, 1_000, stored -> {}).run(NOW);

        assertThat(removed).isEqualTo(8);
        assertThat(keys()).containsExactlyInAnyOrderElementsOf(kept);
    }

    @Test
    void shouldGoOnWhereItEndedWhenThereIsMoreThanOneRunMayDo() {
        for (int i = 0; i < 25; i++) {
            put("a", Duration.ofDays(10));
            put("z", Duration.ofDays(10));
        }
        String kept = put("m", Duration.ofDays(1));
        RetentionSweep sweep = new RetentionSweep(table, RETENTION, 10, stored -> {});

        int most = 0;
        for (int run = 0; run < 12; run++) {
            most = Math.max(most, sweep.run(NOW));
        }

        assertThat(most).isLessThanOrEqualTo(10);
        assertThat(keys()).containsExactly(kept);
    }
}
