package dev.auspex.protocol.replay;

import org.jspecify.annotations.Nullable;

/**
 * What a client asks a replay to do. Immutable; safe for any thread.
 *
 * @param filter which predictions
 * @param overrides what is different from them
 * @param rate how many jobs per second at most; {@code null} for as fast as it goes
 * @param again whether those that an earlier replay has taken are taken once more
 */
public record ReplaySpec(ReplayFilter filter, ReplayOverrides overrides, @Nullable Double rate, boolean again) {

    /** The highest rate that can be asked for. */
    public static final double MAX_RATE = 1_000_000;

    /** @throws IllegalArgumentException if the rate is not positive or too high */
    @SuppressWarnings("NullAway") // Jackson passes null for what is missing
    public ReplaySpec {
        overrides = overrides == null ? ReplayOverrides.NONE : overrides;
        if (rate != null && !(rate > 0 && rate <= MAX_RATE)) {
            throw new IllegalArgumentException("rate: expected more than 0 and at most 1000000, got " + rate);
        }
    }
}
