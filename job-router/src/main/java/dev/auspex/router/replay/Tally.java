package dev.auspex.router.replay;

import dev.auspex.protocol.replay.ReplayCounts;
import dev.auspex.protocol.replay.SkipReason;
import java.util.EnumMap;
import java.util.Map;

/** Counts what a replay meets. For one thread. */
final class Tally {

    private final Map<SkipReason, Long> skipped = new EnumMap<>(SkipReason.class);
    private long scanned;
    private long matched;
    private long submitted;

    /** Goes on from these counts. */
    Tally(ReplayCounts counts) {
        scanned = counts.scanned();
        matched = counts.matched();
        submitted = counts.submitted();
        skipped.putAll(counts.skipped());
    }

    void count(Verdict verdict) {
        scanned++;
        switch (verdict) {
            case Verdict.Left() -> {}
            case Verdict.Skipped(SkipReason reason, var original) -> {
                matched++;
                skipped.merge(reason, 1L, Long::sum);
            }
            case Verdict.Taken taken -> {
                matched++;
                submitted++;
            }
        }
    }

    ReplayCounts counts() {
        return new ReplayCounts(scanned, matched, submitted, skipped);
    }
}
