package dev.auspex.router.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.PredictionId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdSetTest {

    @Test
    void shouldAgreeWithAnOrdinarySetWhenItGrows() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        IdSet ids = new IdSet(1_000_000);
        Set<PredictionId> oracle = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            // Few times and few random bits, so that neighbours and repeats are common.
            byte[] hash = new byte[16];
            hash[15] = (byte) random.nextInt();
            hash[14] = (byte) random.nextInt(64);
            PredictionId id = PredictionId.derived(Instant.ofEpochMilli(random.nextInt(3)), hash);

            assertThat(ids.contains(id)).as("seed %d, id %d", seed, i).isEqualTo(oracle.contains(id));
            ids.add(id);
            oracle.add(id);
        }
        assertThat(ids.size()).isEqualTo(oracle.size());
    }

    @Test
    void shouldRefuseAnotherOneWhenItIsFull() {
        IdSet ids = new IdSet(2);
        Random random = new Random(1);
        PredictionId first = PredictionId.create(Instant.EPOCH, random);
        PredictionId second = PredictionId.create(Instant.EPOCH, random);

        assertThat(ids.add(first)).isTrue();
        assertThat(ids.add(second)).isTrue();
        assertThat(ids.add(first)).isTrue();
        assertThat(ids.add(PredictionId.create(Instant.EPOCH, random))).isFalse();
    }
}
