package dev.auspex.router.domain;

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
                - *running* by *started*: another attempt took over; output and logs begin anew. Events of the older attempt are dropped, but the first end of any attempt counts.
                - *queued* by *succeeded*, *failed*, *canceled*: an attempt that ended within milliseconds. The move to *running* is made and published first if the model began.
                - *running* by *cancel requested*: only a mark. The prediction is canceled when its executor says so.
                """
                .formatted(diagram(), table());
    }

    private static String diagram() {
        Map<String, String> arrows = new LinkedHashMap<>();
        for (Transition it : PredictionLife.table()) {
            arrows.merge(
                    "    %s --> %s".formatted(it.from().text(), it.to().text()),
                    it.trigger().text(),
                    (before, more) -> before + "<br/>" + more);
        }
        List<String> ends = PredictionLife.table().stream()
                .map(Transition::to)
                .filter(Phase::isTerminal)
                .distinct()
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
                .map(it -> "| %s | %s | %s |".formatted(it.from().text(), it.trigger().text(), it.to().text()))
                .collect(Collectors.joining("\n"));
    }
}
