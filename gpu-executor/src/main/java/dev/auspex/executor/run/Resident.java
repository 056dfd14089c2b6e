package dev.auspex.executor.run;

import org.jspecify.annotations.Nullable;

/**
 * A model in a slot, for people who look at a worker. Immutable.
 *
 * @param model its name
 * @param state {@code ready} or {@code broken}
 * @param setupSeconds how long setting it up took; 0 if it is broken
 * @param deviceBytes what it says it takes
 * @param warm whether it stays, or is set up again as soon as it can be
 * @param problem why it is broken; {@code null} if it is not
 */
public record Resident(
        String model, String state, double setupSeconds, long deviceBytes, boolean warm, @Nullable String problem) {}
