package dev.auspex.benchmarks;

import java.util.List;
import picocli.CommandLine.Option;

/** At which rates open loops run, and how long: options of every command that has some. */
final class OpenLoops {

    @Option(names = "--rates", split = ",", defaultValue = "200,1000", description = "Per second, one open loop for each; 0 for none (${DEFAULT-VALUE}).")
    private List<Integer> rates = List.of();

    @Option(names = "--seconds", defaultValue = "20", description = "How long each open loop lasts (${DEFAULT-VALUE}).")
    private int seconds;

    /** Keeps them bounded. @throws IllegalArgumentException naming the option */
    void check() {
        Plan.check("--seconds", seconds, 1, 600);
        rates.forEach(rate -> {
            Plan.check("--rates", rate, 0, 20_000);
            Plan.check("--rates times --seconds", (long) rate * seconds, 0, Plan.MAX_COUNT);
        });
    }

    /** Those that are to run. */
    List<Integer> rates() {
        return rates.stream().filter(rate -> rate > 0).toList();
    }

    int seconds() {
        return seconds;
    }
}
