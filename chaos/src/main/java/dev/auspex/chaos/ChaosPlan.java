package dev.auspex.chaos;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * What a run does.
 *
 * @param launcher the {@code auspex} script
 * @param folder data and output of every process; emptied by nobody
 * @param seed chooses faults and jobs
 * @param course which faults, and for how long
 * @param targets what may be killed; empty for load without faults
 * @param clients how many submit at once
 * @param environment further settings of every process
 */
public record ChaosPlan(
        Path launcher,
        Path folder,
        long seed,
        Course course,
        Set<ServiceKind> targets,
        int clients,
        Map<String, String> environment) {

    /** Copies the collections. */
    public ChaosPlan {
        targets = Set.copyOf(targets);
        environment = Map.copyOf(environment);
    }
}
