package dev.auspex.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What a run does.
 *
 * @param launcher the {@code auspex} script
 * @param folder data and output of every process; emptied by nobody
 * @param seed chooses faults and jobs
 * @param load for how long clients submit; {@link Duration#ZERO} for the brief tour: every kind of fault once, services of
 *     different kinds at the same time, and load until it is over
 * @param targets what may be killed; empty for load without faults
 * @param clients how many submit at once
 * @param environment further settings of every process
 */
public record ChaosPlan(
        Path launcher,
        Path folder,
        long seed,
        Duration load,
        Set<ServiceKind> targets,
        int clients,
        Map<String, String> environment) {

    /** Copies the collections. */
    public ChaosPlan {
        targets = Set.copyOf(targets);
        environment = Map.copyOf(environment);
    }
}
