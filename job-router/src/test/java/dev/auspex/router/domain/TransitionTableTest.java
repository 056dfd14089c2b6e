package dev.auspex.router.domain;

import static dev.auspex.router.Samples.CREATED;
import static dev.auspex.router.Samples.brokenDown;
import static dev.auspex.router.Samples.event;
import static dev.auspex.router.Samples.output;
import static dev.auspex.router.Samples.reported;
import static dev.auspex.router.Samples.succeeded;
import static dev.auspex.router.Samples.workerLost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Ignored;
import dev.auspex.router.domain.Decision.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every cell of the table: the legal ones are visited, the others refused, and the diagram in the docs is the table. */
class TransitionTableTest {

    private static final PredictionId ID = Samples.id(1);
    private static final Instant STARTED = CREATED.plusSeconds(2);
    private static final Path DIAGRAM = Path.of("../docs/prediction-life.md");

    private static final Instant LATE = CREATED.plusSeconds(3_600);
    private static final Job JOB =
            Samples.limited(ID, null, new JobLimits(2, Duration.ofMinutes(1), null, false));
    private static final PredictionInput CANCEL = new PredictionInput.CancelRequested(STARTED);

    /** Something that leads where its row says. */
    private record Case(PredictionState before, PredictionInput input, Phase after) {}

    private static PredictionInput input(Trigger trigger) {
        return switch (trigger) {
            case JOB_ACCEPTED -> new PredictionInput.JobAccepted(JOB);
            case STARTED -> reported(event(ID, 2, 3, new AttemptEvent.Started()));
            case OUTPUT_APPENDED -> reported(event(ID, 1, 3, output(0, "a")));
            case LOGS_APPENDED -> reported(event(ID, 1, 3, new AttemptEvent.LogsAppended(0, "a")));
            case PROGRESSED -> reported(event(ID, 1, 3, new AttemptEvent.Progressed(0.5)));
            case RENEWED -> reported(event(ID, 1, 3, new AttemptEvent.Renewed()));
            case SUCCEEDED -> reported(event(ID, 1, 4, succeeded(STARTED, "a")));
            case FAILED -> reported(event(ID, 1, 4, Samples.failed(STARTED, "a")));
            case CANCELED -> reported(event(ID, 1, 4, Samples.canceled(STARTED)));
            case REDELIVERED -> reported(event(ID, 3, 2, 0, 5, new AttemptEvent.Redelivered(2)));
            case RETURNED -> reported(event(ID, 1, 5, new AttemptEvent.Returned()));
            case ATTEMPT_SILENT -> new PredictionInput.AttemptSilent(Samples.attempt(1), LATE);
            case RELEASED -> new PredictionInput.Released();
            case TIMER_FIRED -> new PredictionInput.TimerFired(CREATED);
            case DATA_EXPIRED -> new PredictionInput.DataExpired();
            case CANCEL_REQUESTED -> CANCEL;
        };
    }

    private static Map<Phase, PredictionState> states() {
        PredictionState queued = after(PredictionState.NONE, input(Trigger.JOB_ACCEPTED));
        PredictionState running = after(queued, reported(event(ID, 1, 2, new AttemptEvent.Started())));
        Map<Phase, PredictionState> states = new EnumMap<>(Phase.class);
        states.put(Phase.UNSEEN, PredictionState.NONE);
        states.put(Phase.QUEUED, queued);
        states.put(Phase.RUNNING, running);
        states.put(Phase.SUCCEEDED, after(running, input(Trigger.SUCCEEDED)));
        states.put(Phase.FAILED, after(running, input(Trigger.FAILED)));
        states.put(Phase.CANCELED, after(running, input(Trigger.CANCELED)));
        states.put(Phase.ABORTED, after(queued, new PredictionInput.TimerFired(LATE)));
        return states;
    }

    // The rows that lead to more than one phase; the others are visited with the input of their trigger.
    private static List<Case> cases() {
        PredictionState queued = state(Phase.QUEUED);
        PredictionState running = state(Phase.RUNNING);
        PredictionState canceling = after(running, CANCEL);
        PredictionState secondTry = after(queued, reported(event(ID, 9, 3, workerLost(null, "x"))));
        PredictionState secondRun = after(secondTry, inRound(1, 1, new AttemptEvent.Started()));
        PredictionInput broken = reported(event(ID, 1, 4, brokenDown(STARTED, "a")));
        List<Case> cases = new ArrayList<>(List.of(
                new Case(queued, broken, Phase.QUEUED),
                new Case(secondTry, inRound(2, 1, new AttemptEvent.Redelivered(2)), Phase.FAILED),
                new Case(queued, new PredictionInput.TimerFired(LATE), Phase.ABORTED),
                new Case(running, broken, Phase.QUEUED),
                new Case(canceling, broken, Phase.CANCELED),
                new Case(secondRun, inRound(3, 1, new AttemptEvent.Redelivered(2)), Phase.FAILED),
                new Case(canceling, input(Trigger.REDELIVERED), Phase.CANCELED),
                new Case(canceling, input(Trigger.RETURNED), Phase.CANCELED),
                new Case(secondRun, input(Trigger.ATTEMPT_SILENT), Phase.FAILED),
                new Case(canceling, input(Trigger.ATTEMPT_SILENT), Phase.CANCELED)));
        for (Transition row : PredictionLife.table()) {
            boolean worse = row.trigger() == Trigger.FAILED && !row.from().isTerminal() && row.from() != Phase.UNSEEN;
            cases.add(new Case(
                    state(row.from()), input(row.trigger()), worse ? Phase.FAILED : row.to().getFirst()));
        }
        return cases;
    }

    private static PredictionInput inRound(int attempt, int round, AttemptEvent.Body body) {
        return reported(Samples.event(ID, attempt, attempt, round, 6, body));
    }

    private static PredictionState state(Phase phase) {
        return Objects.requireNonNull(states().get(phase));
    }

    private static PredictionState after(PredictionState state, PredictionInput input) {
        return ((Applied) PredictionLife.apply(state, input, Life.RETRIES)).state();
    }

    @Test
    void shouldMoveAsTheTableSaysWhenAPairIsLegal() {
        Set<String> visited = new TreeSet<>();
        for (Case it : cases()) {
            assertThat(PredictionLife.apply(it.before(), it.input(), Life.RETRIES))
                    .as("%s by %s", it.before().phase(), Trigger.of(it.input()))
                    .isInstanceOfSatisfying(
                            Applied.class, applied -> assertThat(applied.state().phase()).isEqualTo(it.after()));
            visited.add(move(it.before().phase(), Trigger.of(it.input()), it.after()));
        }
        Set<String> table = new TreeSet<>();
        PredictionLife.table().forEach(row ->
                row.to().forEach(to -> table.add(move(row.from(), row.trigger(), to))));
        assertThat(visited).isEqualTo(table);
    }

    private static String move(Phase from, Trigger trigger, Phase to) {
        return from.text() + " by " + trigger.text() + " to " + to.text();
    }

    @Test
    void shouldRefuseEveryPairThatIsNotInTheTable() {
        Set<String> legal = PredictionLife.table().stream()
                .map(it -> it.from() + "/" + it.trigger())
                .collect(Collectors.toSet());
        int refused = 0;
        for (Map.Entry<Phase, PredictionState> state : states().entrySet()) {
            for (Trigger trigger : Trigger.values()) {
                if (!legal.contains(state.getKey() + "/" + trigger)) {
                    refused++;
                    Reason expected = trigger == Trigger.JOB_ACCEPTED
                            ? Reason.DUPLICATE
                            : state.getKey().isTerminal() ? Reason.LATE : Reason.NOT_STARTED;
                    assertThat(PredictionLife.apply(state.getValue(), input(trigger), Life.RETRIES))
                            .as("%s by %s", state.getKey(), trigger)
                            .isEqualTo(new Ignored(expected));
                }
            }
        }
        assertThat(refused + legal.size()).isEqualTo(Phase.values().length * Trigger.values().length);
    }

    @Test
    void shouldHaveNoWayOutOfATerminalPhase() {
        assertThat(PredictionLife.table())
                .filteredOn(it -> it.from().isTerminal())
                .allSatisfy(it -> assertThat(it.to()).containsExactly(it.from()));
    }

    @Test
    void shouldBeTheDiagramInTheDocsWhenTheTableChanges() throws IOException {
        String expected = LifeDiagram.page();
        if (Boolean.getBoolean("auspex.write.docs")) {
            Files.writeString(DIAGRAM, expected);
        }
        assertThat(Files.readString(DIAGRAM))
                .as("docs/prediction-life.md is stale: run this test with -Dauspex.write.docs=true")
                .isEqualTo(expected);
    }
}
