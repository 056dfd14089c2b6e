package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.PredictionId;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionLife;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.RetryPolicy;
import dev.auspex.protocol.event.AttemptEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerTableTest {

    private static final PredictionId ID = Samples.id(1);
    private static final RetryPolicy RETRIES = new RetryPolicy(Duration.ofSeconds(1));
    private static final long LIMIT = ID.createdAt().toEpochMilli() + 31_000;

    private final SortedStore store = new SortedStore();
    private final TimerTable timers = new TimerTable(store);

    private static PredictionState waiting(PredictionId id) {
        return after(PredictionState.NONE, new PredictionInput.JobAccepted(
                Samples.limited(id, null, new JobLimits(3, Duration.ofSeconds(30), null, false))));
    }

    private static PredictionState after(PredictionState state, PredictionInput input) {
        return ((Applied) PredictionLife.apply(state, input, RETRIES)).state();
    }

    private static PredictionState started(PredictionState state) {
        return after(state, Samples.reported(Samples.event(ID, 1, 2, new AttemptEvent.Started())));
    }

    private List<String> due(long now) {
        return timers.due(now, 10).stream().map(TimerTable.Timer::prediction).toList();
    }

    @Test
    void shouldWriteNothingWhenThePredictionDoesNotDependOnTime() {
        PredictionState quick = after(
                PredictionState.NONE, new PredictionInput.JobAccepted(Samples.job(ID, null)));

        timers.moved("acme/" + ID, PredictionState.NONE, quick);
        timers.moved("acme/" + ID, quick, started(quick));

        assertThat(store.approximateNumEntries()).isZero();
    }

    @Test
    void shouldFireOnceItsTimeHasComeAndNotBefore() {
        PredictionState waiting = waiting(ID);
        timers.moved("acme/" + ID, PredictionState.NONE, waiting);

        assertThat(due(LIMIT - 1)).isEmpty();
        assertThat(due(LIMIT)).containsExactly("acme/" + ID);

        TimerTable.Timer timer = timers.due(LIMIT, 10).getFirst();
        timers.fired(timer, waiting);
        assertThat(due(LIMIT)).as("still wanted").hasSize(1);
        timers.fired(timer, after(waiting, new PredictionInput.TimerFired(Instant.ofEpochMilli(LIMIT))));
        assertThat(due(LIMIT + 100_000)).isEmpty();
        assertThat(store.approximateNumEntries()).isZero();
    }

    @Test
    void shouldForgetTheTimerWhenThePredictionStarts() {
        PredictionState waiting = waiting(ID);
        timers.moved("acme/" + ID, PredictionState.NONE, waiting);
        timers.moved("acme/" + ID, waiting, started(waiting));

        assertThat(store.approximateNumEntries()).isZero();
    }

    @Test
    void shouldComeInTheOrderOfTimeWhenThereAreMany() {
        for (int number : new int[] {5, 1, 9, 3}) {
            PredictionId id = PredictionId.create(Samples.CREATED.plusSeconds(number), new java.util.Random(number));
            timers.moved("acme/" + number, PredictionState.NONE, waiting(id));
            assertThat(due(0)).isEmpty();
        }

        assertThat(due(LIMIT + 5_000)).containsExactly("acme/1", "acme/3", "acme/5");
        assertThat(timers.due(LIMIT + 20_000, 2)).extracting(TimerTable.Timer::prediction)
                .containsExactly("acme/1", "acme/3");
        TimerTable afterRestart = new TimerTable(store);
        assertThat(afterRestart.due(LIMIT + 20_000, 10)).hasSize(4);
    }
}
