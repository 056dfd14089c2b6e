package dev.auspex.gateway.domain;

import dev.auspex.protocol.replay.ReplaySpec;

/** What the body of a replay request says. @param dryRun whether to count only */
public record ReplayDemand(ReplaySpec spec, boolean dryRun) {}
