package dev.auspex.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.PredictionId;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnheardCreatesTest {

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final Random random = new Random(19);
    private final InstantSource source = () -> now;
    private final Clock clock = source.withZone(ZoneOffset.UTC);
    private final UnheardCreates unheard = new UnheardCreates(clock);

    private PredictionId id() {
        return PredictionId.create(now, random);
    }

    private static ClaimId request(int number) {
        return ClaimId.of("test", Integer.toString(number));
    }

    @Test
    void shouldGiveEachOutOnceInOrderWhenEqualRequestsWereLost() {
        PredictionId first = id();
        PredictionId second = id();
        unheard.add(request(1), first);
        unheard.add(request(1), second);
        unheard.add(request(2), id());

        assertThat(unheard.take(request(1))).contains(first);
        assertThat(unheard.take(request(1))).contains(second);
        assertThat(unheard.take(request(1))).isEmpty();
        assertThat(unheard.take(request(3))).isEmpty();
        assertThat(unheard.isEmpty()).as("that of the other request is left").isFalse();
    }

    @Test
    void shouldForgetWhenTheWindowIsOver() {
        unheard.add(request(1), id());
        now = now.plus(UnheardCreates.WINDOW).minusMillis(1);
        PredictionId late = id();
        unheard.add(request(1), late);
        now = now.plusMillis(1);

        assertThat(unheard.take(request(1))).contains(late);
        now = now.plus(UnheardCreates.WINDOW);
        assertThat(unheard.take(request(1))).isEmpty();
        assertThat(unheard.isEmpty()).isTrue();
    }

    @Test
    void shouldStayBoundedWhenManyClientsGoAway() {
        for (int i = 0; i < UnheardCreates.MAX_ENTRIES + 100; i++) {
            unheard.add(request(i), id());
        }
        int left = 0;
        for (int i = 0; i < UnheardCreates.MAX_ENTRIES + 100; i++) {
            left += unheard.take(request(i)).isPresent() ? 1 : 0;
        }

        assertThat(left).isEqualTo(UnheardCreates.MAX_ENTRIES);
        assertThat(unheard.isEmpty()).isTrue();
    }
}
