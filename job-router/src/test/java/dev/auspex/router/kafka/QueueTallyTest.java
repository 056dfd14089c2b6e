package dev.auspex.router.kafka;

import static dev.auspex.router.Samples.CREATED;
import static dev.auspex.router.Samples.event;
import static dev.auspex.router.Samples.id;
import static dev.auspex.router.Samples.job;
import static dev.auspex.router.Samples.reported;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Priority;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionLife;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueTallyTest {

    private static final RetryPolicy RETRIES = new RetryPolicy(Duration.ofSeconds(1));

    private final SortedStore store = new SortedStore();
    private final QueueTally tally = new QueueTally(store);

    private PredictionState move(PredictionState before, PredictionInput input) {
        PredictionState after = ((Applied) PredictionLife.apply(before, input, RETRIES)).state();
        tally.moved(before, after);
        return after;
    }

    private PredictionState accepted(String account, PredictionId id) {
        return move(PredictionState.NONE, new PredictionInput.JobAccepted(job(new AccountId(account), id, CREATED, null)));
    }

    @Test
    void shouldCountWhatWaitsWhenPredictionsComeStartAndComeBack() {
        PredictionState first = accepted("acme", id(1));
        accepted("acme", id(2));
        accepted("bob", id(3));
        assertThat(QueueTally.read(store)).isEqualTo(Map.of("acme", 2L, "bob", 1L));

        PredictionState running = move(first, reported(event(id(1), 1, 1, 0, 2, new AttemptEvent.Started())));
        assertThat(QueueTally.read(store)).isEqualTo(Map.of("acme", 1L, "bob", 1L));

        PredictionState again = move(running, reported(event(id(1), 1, 1, 0, 3, new AttemptEvent.Returned())));
        assertThat(QueueTally.read(store)).as("it waits anew").isEqualTo(Map.of("acme", 2L, "bob", 1L));

        move(again, new PredictionInput.CancelRequested(CREATED.plusSeconds(4)));
        assertThat(QueueTally.read(store)).isEqualTo(Map.of("acme", 1L, "bob", 1L));
    }

    @Test
    void shouldCountTheLowOnesApartWhenThatWasAskedFor() {
        for (Priority priority : Priority.values()) {
            PredictionId id = id(priority.ordinal());
            move(PredictionState.NONE, new PredictionInput.JobAccepted(job(id, null).with(priority)));
        }
        assertThat(QueueTally.read(store))
                .isEqualTo(Map.of(Samples.ACCOUNT.value(), 3L, Samples.ACCOUNT + "/low", 1L));
    }

    @Test
    void shouldForgetWhatIsForgottenWhenItNeverStarted() {
        PredictionState waiting = accepted("acme", id(1));
        byte[] stored = StateCodec.encode(new StateRecord(
                waiting, Serdes.JOB.serialize(((PredictionState.Known) waiting).job())));

        tally.left(stored);
        assertThat(QueueTally.read(store)).isEmpty();
        tally.left(stored);
        assertThat(QueueTally.read(store)).as("never below nothing").isEmpty();
    }
}
