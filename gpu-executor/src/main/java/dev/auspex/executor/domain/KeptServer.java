package dev.auspex.executor.domain;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Runner;

/**
 * A Cog server that is to be kept ready. Immutable.
 *
 * @param runner where it is
 * @param hardware for jobs of which class
 * @param always whether it is never ended for another one: the operator's word
 */
public record KeptServer(Runner runner, HardwareClass hardware, boolean always) {}
