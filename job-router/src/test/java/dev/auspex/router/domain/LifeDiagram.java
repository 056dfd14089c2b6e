package dev.auspex.router.domain;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints the transition table as the page in the docs. */
final class LifeDiagram {

    private LifeDiagram() {}

    static String page() {
        return """
                # The life of a prediction

                Generated from the table in `PredictionLife` by `TransitionTableTest`. What is not drawn is refused and counted.

                ```mermaid
                stateDiagram-v2
                %s
                ```

                | from | what happens | to |
                |---|---|---|
                %s

                - *unseen*: something was read before the job record. It is kept and replayed when the job comes; nothing is shown until then.
                - Every job record of a prediction has a **round**: 0 is the submission, higher ones are what the router put into the queue again. What an attempt of an older round does is dropped, but for its end: the first end of any attempt counts, also while a retry waits.
                - *queued* by *succeeded*, *failed*, *canceled*: an attempt that ended within milliseconds. The move to *running* is made and published first if the model began.
                - *running* by *started*: another attempt of the same round took over (the broker forgot who had the job); output and logs begin anew.
                - *queued* or *running* by *failed*: the next round waits for its pause if the platform failed, or the model and it wants that, and attempts are left. Otherwise the prediction has failed.
                - *redelivered*, *attempt silent*: the attempt is lost and the next round goes into the queue at once, unless no attempt is left or a second worker was lost: then the prediction has failed and its job is moved to `jobs.dead`.
                - *returned*: the next round goes into the queue at once, and nothing is counted.
                - *timer fired*: the pause before a retry is over; or nothing was started in time, and the prediction is *aborted* (clients see `canceled` unless they send `Auspex-Statuses: aborted`).
                - *running* by *cancel requested*: only a mark. The prediction is canceled when its executor says so, or at once when the attempt turns out to run no more.
                - *data expired*: input, output and logs are emptied. The end stays what it was.
                """
                .formatted(diagram(), table());
    }

    private static String diagram() {
        Map<String, String> arrows = new LinkedHashMap<>();
        for (Transition it : PredictionLife.table()) {
            for (Phase to : it.to()) {
                arrows.merge(
                        "    %s --> %s".formatted(it.from().text(), to.text()),
                        it.trigger().text(),
                        (before, more) -> before + "<br/>" + more);
            }
        }
        List<String> ends = Arrays.stream(Phase.values())
                .filter(Phase::isTerminal)
                .map(phase -> "    " + phase.text() + " --> [*]")
                .toList();
        return "    [*] --> unseen\n"
                + arrows.entrySet().stream()
                        .map(arrow -> arrow.getKey() + " : " + arrow.getValue())
                        .collect(Collectors.joining("\n"))
                + "\n" + String.join("\n", ends);
    }

    private static String table() {
        return PredictionLife.table().stream()
                .map(it -> "| %s | %s | %s |".formatted(it.from().text(), it.trigger().text(),
                        it.to().stream().map(Phase::text).collect(Collectors.joining(" or "))))
                .collect(Collectors.joining("\n"));
    }
}
