package dev.auspex.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run came to.
 *
 * @param seed repeats the choices
 * @param promises each with how often it was broken; all must be 0
 * @param figures everything else that was counted
 * @param times by name
 * @param faults in order, one line each
 * @param examples of what was counted, with how often
 */
public record Verdict(
        long seed,
        Map<String, Long> promises,
        Map<String, Long> figures,
        Map<String, Duration> times,
        List<String> faults,
        Map<String, Long> examples) {

    /** Copies the collections and keeps their order. */
    public Verdict {
        promises = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(promises));
        figures = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(figures));
        times = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(times));
        faults = List.copyOf(faults);
        examples = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(examples));
    }

    /** The broken promises; empty if all were kept. */
    public List<String> broken() {
        List<String> broken = new ArrayList<>();
        promises.forEach((promise, count) -> {
            if (count != 0) {
                broken.add(promise + ": " + count);
            }
        });
        return broken;
    }

    /** For people. */
    public String text() {
        StringBuilder text = new StringBuilder("\nchaos, seed " + seed + "\n");
        promises.forEach((name, count) -> text.append("  %-46s %d%n".formatted(name, count)));
        figures.forEach((name, count) -> text.append("  %-46s %d%n".formatted(name, count)));
        times.forEach((name, time) -> text.append("  %-46s %.1f s%n".formatted(name, time.toMillis() / 1000.0)));
        faults.forEach(fault -> text.append("  ").append(fault).append('\n'));
        examples.forEach((example, count) -> text.append("  %d × %s%n".formatted(count, example)));
        text.append(broken().isEmpty() ? "  every promise was kept\n" : "  BROKEN: " + String.join(", ", broken()) + "\n");
        return text.toString();
    }
}
