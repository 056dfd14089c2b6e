package dev.auspex.router.kafka;

import static dev.auspex.router.Samples.event;
import static dev.auspex.router.Samples.reported;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionLife;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SilenceWatchTest {

    private static final RetryPolicy RETRIES = new RetryPolicy(Duration.ofSeconds(1));
    private static final PredictionInput START = started(1);
    private static final PredictionInput RENEWED = reported(event(Samples.id(1), 1, 3, new AttemptEvent.Renewed()));

    private final SilenceWatch watch = new SilenceWatch(Duration.ofSeconds(10));

    private static PredictionInput started(int attempt) {
        return reported(event(Samples.id(1), attempt, 2, new AttemptEvent.Started()));
    }

    private static PredictionState queued(PredictionId id) {
        return after(PredictionState.NONE, new PredictionInput.JobAccepted(Samples.job(id, null)));
    }

    private static PredictionState after(PredictionState state, PredictionInput input) {
        return ((Applied) PredictionLife.apply(state, input, RETRIES)).state();
    }

    private List<String> silent(long now) {
        return watch.silent(now).stream().map(SilenceWatch.Silent::prediction).toList();
    }

    @Test
    void shouldReportAnAttemptWhenNothingWasHeardForTooLong() {
        PredictionState running = after(queued(Samples.id(1)), START);
        watch.heard("a", START, running, 1_000);
        watch.heard("b", START, running, 2_000);
        watch.heard("a", RENEWED, running, 5_000);

        assertThat(silent(12_000)).isEmpty();
        assertThat(silent(12_001)).containsExactly("b");
        assertThat(silent(15_001)).containsExactly("b", "a");
        assertThat(watch.silent(15_001).getFirst().attempt()).isEqualTo(Samples.attempt(1));
        watch.forget("b");
        assertThat(silent(15_001)).containsExactly("a");
    }

    @Test
    void shouldNotListenToOtherAttempts() {
        PredictionState running = after(queued(Samples.id(1)), START);
        watch.heard("a", START, running, 1_000);
        watch.heard("a", started(2), running, 9_000);
        watch.heard("a", new PredictionInput.CancelRequested(Samples.CREATED), running, 9_000);

        assertThat(silent(11_001)).containsExactly("a");
    }

    @Test
    void shouldExpectNothingMoreWhenTheAttemptHasEnded() {
        PredictionState running = after(queued(Samples.id(1)), START);
        PredictionInput end = reported(event(Samples.id(1), 1, 4, Samples.succeeded(null, "x")));
        watch.heard("a", START, running, 1_000);
        watch.heard("a", end, after(running, end), 2_000);

        assertThat(silent(100_000)).isEmpty();
    }

    @Test
    void shouldFindAllThatRunsInTheStoreWhenATaskBegins() {
        SortedStore store = new SortedStore();
        for (int i = 0; i < 700; i++) {
            PredictionState queued = queued(Samples.id(i));
            byte[] job = Serdes.JOB.serialize(Samples.job(Samples.id(i), null));
            PredictionState state = i % 100 == 0 ? after(queued, START) : queued;
            store.put("acme/%03d".formatted(i), StateCodec.encode(new StateRecord(state, job)));
        }
        watch.heard("acme/100", START, after(queued(Samples.id(1)), START), 500);
        int steps = 1;
        while (watch.scan(store, 1_000)) {
            steps++;
        }

        assertThat(steps).as("a little at a time").isGreaterThan(2);
        assertThat(watch.scan(store, 1_000)).isFalse();
        assertThat(silent(10_600)).as("what was heard is not made younger").containsExactly("acme/100");
        assertThat(silent(11_001)).hasSize(7);
    }
}
