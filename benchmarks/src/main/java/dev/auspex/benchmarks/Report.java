package dev.auspex.benchmarks;

import java.time.Instant;
import java.util.List;

/**
 * A whole run.
 *
 * @param time when it ended
 * @param machine where it ran
 * @param signaturesChecked webhooks whose signature was verified
 * @param signaturesWrong how many of those had none or a wrong one
 * @param strays webhooks that nobody asked for
 * @param phases in the order in which they ran
 */
record Report(
        Instant time,
        Machine machine,
        int signaturesChecked,
        int signaturesWrong,
        int strays,
        List<PhaseReport> phases) {

    /** @param cores as the JVM sees them @param java the JVM's version @param system name and release of the kernel */
    record Machine(int cores, String java, String system) {
        static Machine here() {
            return new Machine(
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.version().toString(),
                    System.getProperty("os.name") + " " + System.getProperty("os.version"));
        }
    }

    /** Whether every phase ran clean and every signature that was looked at is valid. */
    boolean clean() {
        return signaturesWrong == 0 && strays == 0 && phases.stream().allMatch(phase -> phase.tally().clean());
    }
}
