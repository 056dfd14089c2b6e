package dev.auspex.router.domain;

import static dev.auspex.router.Samples.CREATED;
import static dev.auspex.router.Samples.event;
import static dev.auspex.router.Samples.output;
import static dev.auspex.router.Samples.reported;
import static dev.auspex.router.Samples.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Ignored;
import dev.auspex.router.domain.Decision.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every cell of the table: the legal ones are visited, the others refused, and the diagram in the docs is the table. */
class TransitionTableTest {

    private static final PredictionId ID = Samples.id(1);
    private static final Instant STARTED = CREATED.plusSeconds(2);
    private static final Path DIAGRAM = Path.of("../docs/prediction-life.md");

    private static PredictionInput input(Trigger trigger) {
        return switch (trigger) {
            case JOB_ACCEPTED -> new PredictionInput.JobAccepted(Samples.job(ID, Samples.EVERYTHING));
            case STARTED -> reported(event(ID, 2, 3, new AttemptEvent.Started()));
            case OUTPUT_APPENDED -> reported(event(ID, 1, 3, output(0, "a")));
            case LOGS_APPENDED -> reported(event(ID, 1, 3, new AttemptEvent.LogsAppended(0, "a")));
            case PROGRESSED -> reported(event(ID, 1, 3, new AttemptEvent.Progressed(0.5)));
            case SUCCEEDED -> reported(event(ID, 1, 4, succeeded(STARTED, "a")));
            case FAILED -> reported(event(ID, 1, 4, Samples.failed(STARTED, "a")));
            case CANCELED -> reported(event(ID, 1, 4, Samples.canceled(STARTED)));
            case CANCEL_REQUESTED -> new PredictionInput.CancelRequested(STARTED);
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
        return states;
    }

    private static PredictionState after(PredictionState state, PredictionInput input) {
        return ((Applied) PredictionLife.apply(state, input)).state();
    }

    @Test
    void shouldMoveAsTheTableSaysWhenAPairIsLegal() {
        Set<Transition> visited = new HashSet<>();
        for (Transition transition : PredictionLife.table()) {
            PredictionState before = states().get(transition.from());
            assertThat(before).as("a state in phase %s", transition.from()).isNotNull();
            assertThat(PredictionLife.apply(before, input(transition.trigger())))
                    .as("%s by %s", transition.from(), transition.trigger())
                    .isInstanceOfSatisfying(
                            Applied.class, it -> assertThat(it.state().phase()).isEqualTo(transition.to()));
            visited.add(transition);
        }
        assertThat(visited).containsExactlyInAnyOrderElementsOf(PredictionLife.table());
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
                    assertThat(PredictionLife.apply(state.getValue(), input(trigger)))
                            .as("%s by %s", state.getKey(), trigger)
                            .isEqualTo(new Ignored(expected));
                }
            }
        }
        assertThat(refused + legal.size()).isEqualTo(states().size() * Trigger.values().length);
    }

    @Test
    void shouldHaveNoWayOutOfATerminalPhase() {
        assertThat(PredictionLife.table()).noneMatch(it -> it.from().isTerminal());
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
