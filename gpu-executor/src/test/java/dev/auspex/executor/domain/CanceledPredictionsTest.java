package dev.auspex.executor.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanceledPredictionsTest {

    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");
    private static final AccountId ACME = new AccountId("acme");

    private final Random random = new Random(7);
    private final CanceledPredictions canceled =
            new CanceledPredictions(Duration.ofDays(7), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void shouldKnowACancellationWhenTheOwnerAskedForIt() {
        PredictionId id = PredictionId.create(NOW, random);
        canceled.add(id, ACME);
        assertThat(canceled.contains(id, ACME)).isTrue();
        assertThat(canceled.contains(id, new AccountId("other"))).isFalse();
    }

    @Test
    void shouldForgetWhenTheJobCannotBeInItsTopicAnyMore() {
        canceled.add(PredictionId.create(NOW.minus(Duration.ofDays(8)), random), ACME);
        assertThat(canceled.size()).isZero();
    }
}
