package dev.auspex.executor.models.text;

import java.util.ArrayList;
import java.util.List;

/** Byte-pair encoding: joins neighbours, best rank first, until no pair has one. */
final class PairJoiner {

    /** A pair that is never joined. */
    static final long NEVER = Long.MAX_VALUE;

    private PairJoiner() {}

    /** How early a pair is joined. */
    @FunctionalInterface
    interface Ranks {
        /** @return the lower the earlier; {@link #NEVER} for a pair that is not joined */
        long of(String left, String right);
    }

    /** @param parts single letters; short, as the time grows with the square of their number */
    static List<String> join(List<String> parts, Ranks ranks) {
        List<String> joined = new ArrayList<>(parts);
        while (joined.size() > 1) {
            int best = -1;
            long rank = NEVER;
            for (int i = 0; i + 1 < joined.size(); i++) {
                long here = ranks.of(joined.get(i), joined.get(i + 1));
                if (here < rank) {
                    rank = here;
                    best = i;
                }
            }
            if (best < 0) {
                break;
            }
            joined.set(best, joined.get(best) + joined.remove(best + 1));
        }
        return joined;
    }

    /** The letters of a text, each with its second half if it has one. */
    static List<String> letters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }
}
