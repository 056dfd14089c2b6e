package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.command.Command.ClaimKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.Test;

class ClaimTableTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration KEPT = Duration.ofHours(24);

    private final Random random = new Random(5);
    private final SortedStore store = new SortedStore();
    private final ClaimTable table = new ClaimTable(store);

    private ClaimKey claim(String account, String key, Instant at) {
        return new ClaimKey(
                ClaimId.of("key", key), new AccountId(account), PredictionId.create(at, random), "c0ffee", at, at.plus(KEPT));
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            all.forEachRemaining(entry -> keys.add(entry.key));
        }
        return keys;
    }

    @Test
    void shouldLetTheFirstWinWhenAKeyIsClaimedAgain() {
        ClaimKey first = claim("a", "k", NOW);

        assertThat(table.claim(first)).isEqualTo(first);
        assertThat(table.claim(claim("a", "k", NOW.plusSeconds(1)))).isEqualTo(first);
        assertThat(table.claim(first)).as("the same record read again").isEqualTo(first);
    }

    @Test
    void shouldKeepKeysApartWhenAccountsOrKeysDiffer() {
        table.claim(claim("a", "k", NOW));
        ClaimKey rival = claim("b", "k", NOW);
        ClaimKey other = claim("a", "k2", NOW);

        assertThat(table.claim(rival)).isEqualTo(rival);
        assertThat(table.claim(other)).isEqualTo(other);
    }

    @Test
    void shouldBeFreeAgainWhenTheClaimHasExpired() {
        table.claim(claim("a", "k", NOW));
        ClaimKey late = claim("a", "k", NOW.plus(KEPT).minusMillis(1));
        ClaimKey next = claim("a", "k", NOW.plus(KEPT));

        assertThat(table.claim(late)).isNotEqualTo(late);
        assertThat(table.claim(next)).isEqualTo(next);
        table.sweep(NOW.plus(KEPT), 10);
        assertThat(table.claim(late)).as("the sweep left the new claim").isEqualTo(next);
    }

    @Test
    void shouldLeaveNothingWhenEverythingHasExpired() {
        for (int i = 0; i < 25; i++) {
            table.claim(claim(i % 2 == 0 ? "a" : "z-9", "k" + i, NOW.plusMillis(i)));
        }
        ClaimKey kept = claim("m", "k", NOW.plusSeconds(1));
        table.claim(kept);
        Instant later = NOW.plus(KEPT).plusMillis(500);

        assertThat(table.sweep(later, 10)).isEqualTo(10);
        assertThat(table.sweep(later, 100)).isEqualTo(15);
        assertThat(table.sweep(later, 100)).isZero();
        assertThat(keys()).hasSize(2).contains(kept.key());
    }
}
