package dev.auspex.router.kafka;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.usage.Money;
import dev.auspex.protocol.usage.UsageRow;
import dev.auspex.protocol.usage.UsageTotal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The store of one partition's usage: {@code account/day/hardware/model} → what was used. Bounded by what there is of
 * these, not by how much is predicted. The totals of the moment are kept decoded. One thread, the task's; reading is for
 * any.
 */
final class UsageTable {

    private static final int MAX_DECODED = 1_024;
    private static final byte FORMAT = 1;
    private static final char AFTER_SEPARATOR = '0';

    private final KeyValueStore<String, byte[]> store;
    private final Map<UsageRow.Key, UsageTotal> decoded = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UsageRow.Key, UsageTotal> eldest) {
            return size() > MAX_DECODED;
        }
    };
    private String position = "";

    UsageTable(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** Adds to its day, account, model and hardware. */
    void add(UsageRow row) {
        String key = key(row.key());
        UsageTotal known = decoded.get(row.key());
        if (known == null) {
            byte[] stored = store.get(key);
            known = stored == null ? UsageTotal.ZERO : decode(stored);
        }
        UsageTotal now = known.plus(row.total());
        decoded.put(row.key(), now);
        store.put(key, encode(now));
    }

    /** Forgets days before this one. @param maxSteps how many entries one run may look at; the next goes on there */
    void sweep(LocalDate oldest, int maxSteps) {
        List<String> expired = new ArrayList<>();
        int steps = 0;
        try (KeyValueIterator<String, byte[]> entries = store.range(position.isEmpty() ? null : position, null)) {
            while (entries.hasNext() && steps < maxSteps) {
                String key = entries.next().key;
                steps++;
                position = key;
                if (parse(key).day().isBefore(oldest)) {
                    expired.add(key);
                }
            }
            if (!entries.hasNext()) {
                position = "";
            }
        }
        expired.forEach(key -> {
            store.delete(key);
            decoded.remove(parse(key));
        });
    }

    /** What is in a store. @param account {@code null} for all @param from first day @param to last day */
    static List<UsageRow> read(
            ReadOnlyKeyValueStore<String, byte[]> store, @Nullable AccountId account, LocalDate from, LocalDate to) {
        List<UsageRow> rows = new ArrayList<>();
        String first = account == null ? null : account + "/" + from;
        String last = account == null ? null : account + "/" + to + AFTER_SEPARATOR;
        try (KeyValueIterator<String, byte[]> entries = store.range(first, last)) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                UsageRow.Key key = parse(entry.key);
                if (!key.day().isBefore(from) && !key.day().isAfter(to)) {
                    rows.add(new UsageRow(key, decode(entry.value)));
                }
            }
        }
        return rows;
    }

    private static String key(UsageRow.Key key) {
        return key.account() + "/" + key.day() + "/" + key.hardware() + "/" + key.model();
    }

    private static UsageRow.Key parse(String key) {
        String[] parts = key.split("/", 4);
        return new UsageRow.Key(
                new AccountId(parts[0]), LocalDate.parse(parts[1]), ModelName.of(parts[3]), new HardwareClass(parts[2]));
    }

    private static byte[] encode(UsageTotal total) {
        FieldWriter fields = new FieldWriter();
        fields.one(FORMAT);
        fields.number(total.attempts());
        duration(fields, total.ran());
        duration(fields, total.billed());
        fields.text(total.cost().toString());
        return fields.bytes();
    }

    private static UsageTotal decode(byte[] stored) {
        FieldReader fields = new FieldReader(stored);
        byte format = fields.one();
        if (format != FORMAT) {
            throw new IllegalStateException("stored usage of unknown format " + format);
        }
        return new UsageTotal(
                fields.number(), duration(fields), duration(fields), Money.of(fields.requiredText()));
    }

    private static void duration(FieldWriter fields, Duration time) {
        fields.number(time.getSeconds());
        fields.number(time.getNano());
    }

    private static Duration duration(FieldReader fields) {
        return Duration.ofSeconds(fields.number(), fields.number());
    }
}
