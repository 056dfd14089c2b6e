package dev.auspex.executor.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PollTurnTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void shouldBeOneSlotsAtATime() throws Exception {
        PollTurn turn = PollTurn.ofOne();
        PollTurn.Ticket first = turn.ticket();
        PollTurn.Ticket second = turn.ticket();

        assertThat(first.take(Duration.ZERO)).isTrue();
        assertThat(second.take(Duration.ofMillis(1))).isFalse();
        assertThat(first.take(Duration.ZERO)).as("it is kept").isTrue();
        first.pass();

        assertThat(second.take(Duration.ZERO)).isTrue();
        assertThat(first.isMine()).isFalse();
    }

    @Test
    void shouldGoToASlotThatWaitsWhenItIsPassed() throws Exception {
        PollTurn turn = PollTurn.ofOne();
        PollTurn.Ticket first = turn.ticket();
        assertThat(first.take(Duration.ZERO)).isTrue();

        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> {
            try {
                return turn.ticket().take(LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        first.pass();

        assertThat(second.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldStayOneTurnWhenItIsPassedTwice() throws Exception {
        PollTurn turn = PollTurn.ofOne();
        PollTurn.Ticket first = turn.ticket();
        assertThat(first.take(Duration.ZERO)).isTrue();
        first.pass();
        first.pass();

        assertThat(turn.ticket().take(Duration.ZERO)).isTrue();
        assertThat(turn.ticket().take(Duration.ZERO)).isFalse();
    }

    @Test
    void shouldBeEverybodysWhenMembersHavePartitionsOfTheirOwn() throws Exception {
        PollTurn turn = PollTurn.ofAll(2);

        assertThat(turn.ticket().take(Duration.ZERO)).isTrue();
        assertThat(turn.ticket().take(Duration.ZERO)).isTrue();
    }
}
