package dev.auspex.protocol.usage;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an account used of a model on a hardware class in a day. Immutable; safe for any thread.
 *
 * @param key of what
 * @param total how much
 */
public record UsageRow(Key key, UsageTotal total) {

    /**
     * The finest that usage is added up by.
     *
     * @param account who pays
     * @param day in UTC, in which attempts ended
     * @param model what ran
     * @param hardware where
     */
    public record Key(AccountId account, LocalDate day, ModelName model, HardwareClass hardware)
            implements Comparable<Key> {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::day)
                .thenComparing(key -> key.account().value())
                .thenComparing(key -> key.model().toString())
                .thenComparing(key -> key.hardware().value());

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** One row for each key, in order. */
    public static List<UsageRow> sum(Collection<UsageRow> rows) {
        Map<Key, UsageTotal> totals = new TreeMap<>();
        rows.forEach(row -> totals.merge(row.key(), row.total(), UsageTotal::plus));
        return totals.entrySet().stream().map(entry -> new UsageRow(entry.getKey(), entry.getValue())).toList();
    }
}
