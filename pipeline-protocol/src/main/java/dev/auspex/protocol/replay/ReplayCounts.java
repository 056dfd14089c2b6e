package dev.auspex.protocol.replay;

import java.util.EnumMap;
import java.util.Map;

/**
 * How far a replay has come, in predictions of its account. Immutable; safe for any thread.
 *
 * @param scanned that have ended and were looked at
 * @param matched that the filter takes: submitted or skipped
 * @param submitted that were submitted again
 * @param skipped that were not, by reason
 */
public record ReplayCounts(long scanned, long matched, long submitted, Map<SkipReason, Long> skipped) {

    /** Before anything was looked at. */
    public static final ReplayCounts NONE = new ReplayCounts(0, 0, 0, Map.of());

    /** Copies the map, in the reasons' order. */
    public ReplayCounts {
        EnumMap<SkipReason, Long> ordered = new EnumMap<>(SkipReason.class);
        ordered.putAll(skipped);
        skipped = java.util.Collections.unmodifiableMap(ordered);
    }
}
