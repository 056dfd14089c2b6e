package dev.auspex.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which phases a run has: options of the command line. */
final class Plan {

    static final int MAX_COUNT = 500_000;

    @Option(names = "--warmup", defaultValue = "20000", description = "Predictions before anything else; 0 for none (${DEFAULT-VALUE}).")
    private int warmup;

    @Option(names = "--count", defaultValue = "20000", description = "Predictions of the closed loop; 0 for none (${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--connections", defaultValue = "64", description = "Connections of the closed loop (${DEFAULT-VALUE}).")
    private int connections;

    @Mixin
    private OpenLoops loops = new OpenLoops();

    @Option(names = "--submits", defaultValue = "20000", description = "Submits alone; 0 for none (${DEFAULT-VALUE}).")
    private int submits;

    /** Keeps it bounded. @throws IllegalArgumentException naming the option */
    void check() {
        Map.of("--warmup", warmup, "--count", count, "--submits", submits)
                .forEach((option, value) -> check(option, value, 0, MAX_COUNT));
        check("--connections", connections, 1, 1024);
        loops.check();
    }

    /** An option's bounds. @throws IllegalArgumentException naming the option */
    static void check(String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s: is %d, expected %d to %d", option, value, min, max));
        }
    }

    /** The phases in order. @param watch whether one is to be repeated with the topics read along */
    List<Phase> phases(boolean watch) {
        List<Phase> phases = new ArrayList<>();
        if (warmup > 0) {
            phases.add(new Phase.ClosedLoop("warm-up", warmup, connections));
        }
        if (count > 0) {
            phases.add(new Phase.ClosedLoop("closed loop", count, connections));
        }
        List<Phase.OpenLoop> open = loops.rates().stream()
                .map(rate -> new Phase.OpenLoop(rate, loops.seconds(), false))
                .toList();
        phases.addAll(open);
        if (watch && !open.isEmpty()) {
            phases.add(open.getFirst().alongTopics());
        }
        if (submits > 0) {
            phases.add(new Phase.SubmitsAlone(submits, connections));
        }
        return phases;
    }
}
