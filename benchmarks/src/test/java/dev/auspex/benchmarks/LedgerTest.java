package dev.auspex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {

    @Test
    void shouldMatchWhenTheWebhookOvertakesTheAnswer() {
        Ledger ledger = new Ledger(1);

        ledger.arrived(arrival("a", "msg_1"));
        ledger.accepted("a", 100, 1);

        assertThat(ledger.settled()).isTrue();
        assertThat(ledger.tally().clean()).isTrue();
    }

    @Test
    void shouldNotBeSettledWhileAWebhookIsMissing() {
        Ledger ledger = new Ledger(2);
        ledger.accepted("a", 100, 1);
        ledger.accepted("b", 100, 1);

        ledger.arrived(arrival("a", "msg_1"));

        assertThat(ledger.settled()).isFalse();
        assertThat(ledger.tally().lost()).isEqualTo(1);
    }

    @Test
    void shouldCountAsUnknownWhenNobodyWasToldOfThePrediction() {
        Ledger ledger = new Ledger(1);
        ledger.unanswered("timeout");

        ledger.arrived(arrival("a", "msg_1"));

        assertThat(ledger.tally().unknown()).isEqualTo(1);
        assertThat(ledger.tally().clean()).isFalse();
    }

    @Test
    void shouldCountAsLostWhenTwoSubmissionsGetTheSameId() {
        Ledger ledger = new Ledger(2);
        ledger.accepted("a", 100, 1);
        ledger.accepted("a", 200, 1);

        ledger.arrived(arrival("a", "msg_1"));

        assertThat(ledger.tally().lost()).isEqualTo(1);
    }

    private static Arrival arrival(String prediction, String message) {
        return new Arrival(prediction, message, true, 1_000, new Arrival.Times(1, 2, 3, 4));
    }
}
