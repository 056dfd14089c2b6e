package dev.auspex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionIdTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    @Test
    void shouldBeAVersion7UuidInBase32WhenCreated() {
        PredictionId id = PredictionId.create(NOW, new Random(1));

        assertThat(id.value()).matches("[0-7][0-9a-hjkmnp-tv-z]{25}");
        assertThat(id.createdAt()).isEqualTo(NOW);
        // 48 bits of time fill the first 10 digits less two bits; then come the version and, after 12 more, the variant.
        java.math.BigInteger bits = decode(id.value());
        assertThat(bits.shiftRight(80).longValueExact()).isEqualTo(NOW.toEpochMilli());
        assertThat(bits.shiftRight(76).intValue() & 15).isEqualTo(7);
        assertThat(bits.shiftRight(62).intValue() & 3).isEqualTo(2);
    }

    @Test
    void shouldSortByTimeWhenTextsAreCompared() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<PredictionId> ids = new ArrayList<>();
        Instant time = Instant.EPOCH;
        for (int i = 0; i < 1000; i++) {
            time = time.plusMillis(1 + Math.abs(random.nextLong() % Duration.ofDays(20).toMillis()));
            ids.add(PredictionId.create(time, random));
        }

        assertThat(ids).as("seed %s", seed).isSorted();
        assertThat(ids.stream().map(PredictionId::value).toList()).isSorted();
        for (PredictionId id : ids) {
            assertThat(PredictionId.lowerBound(id.createdAt())).isLessThan(id);
            assertThat(PredictionId.lowerBound(id.createdAt().plusMillis(1))).isGreaterThan(id);
        }
    }

    @Test
    void shouldNotRepeatWhenManyAreMadeInOneMillisecond() {
        Random random = new Random(3);
        Set<PredictionId> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(PredictionId.create(NOW, random));
        }

        assertThat(ids).hasSize(10_000);
    }

    @Test
    void shouldGiveTheSmallestBoundWhenTheTimeLiesBeforeTheEpoch() {
        assertThat(PredictionId.lowerBound(Instant.MIN.plus(Duration.ofDays(365_000_000_000L))).value())
                .isEqualTo("0".repeat(26));
        assertThat(PredictionId.lowerBound(Instant.EPOCH).value()).isEqualTo("0".repeat(26));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "0", "01kdyak3see2pvzfhg7rstevq", "01kdyak3see2pvzfhg7rstevqkk", "01KDYAK3SEE2PVZFHG7RSTEVQK",
        "81kdyak3see2pvzfhg7rstevqk", "01kdyak3see2pvzfhg7rstevqi", "01kdyak3see2pvzfhg7rstevql",
        "01kdyak3see2pvzfhg7rstevqo", "01kdyak3see2pvzfhg7rstevqu", "01kdyak3see2pvzfhg7rstev/k",
        "01kdyak3see2pvzfhg7rstev..", "01kdyak3see2pvzfhg7rstevqü", "01kdyak3see2pvzfhg7rstevq\u0000"
    })
    void shouldRefuseWhenTheTextIsNoId(String text) {
        assertThat(PredictionId.isValid(text)).isFalse();
        assertThatThrownBy(() -> new PredictionId(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static java.math.BigInteger decode(String text) {
        java.math.BigInteger value = java.math.BigInteger.ZERO;
        for (char c : text.toCharArray()) {
            value = value.shiftLeft(5).add(java.math.BigInteger.valueOf("0123456789abcdefghjkmnpqrstvwxyz".indexOf(c)));
        }
        return value;
    }

    @Test
    void shouldBeTheSameIdWhenItIsComputedTwice() {
        byte[] hash = new byte[32];
        new Random(7).nextBytes(hash);
        PredictionId id = PredictionId.derived(NOW, hash);

        assertThat(PredictionId.derived(NOW, hash)).isEqualTo(id);
        assertThat(id.createdAt()).isEqualTo(NOW);
        hash[9] ^= 1;
        assertThat(PredictionId.derived(NOW, hash)).isNotEqualTo(id);
    }

    @Test
    void shouldBeAVersionSevenUuidWhenItsBitsAreRead() {
        UUID uuid = PredictionId.derived(NOW, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}).toUuid();

        assertThat(uuid.version()).isEqualTo(7);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
        assertThat(uuid.getLeastSignificantBits() & 0xFFFF).isEqualTo(0x0F10);
    }
}
