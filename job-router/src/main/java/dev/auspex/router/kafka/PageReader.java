package dev.auspex.router.kafka;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.PredictionJson;
import dev.auspex.router.query.LocalPage;
import dev.auspex.router.query.PageRequest;
import dev.auspex.router.query.PredictionView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page from several partitions: each gives an account's predictions newest first, or oldest first where the page is
 * read backwards, the first of the heads comes next, and nothing is read or rendered that is not on the page. One thread; used once.
 */
final class PageReader {

    /** A page is not held in memory beyond this; the next one goes on after its last item. */
    private static final long MAX_BYTES = 48L << 20;

    private final PageRequest page;
    private final Set<Integer> partitions = new HashSet<>();
    private final List<KeyValueIterator<String, byte[]>> open = new ArrayList<>();
    private final PriorityQueue<Head> heads;

    private record Head(KeyValue<String, byte[]> entry, KeyValueIterator<String, byte[]> rest) {}

    PageReader(PageRequest page) {
        this.page = page;
        Comparator<Head> oldest = Comparator.comparing(head -> head.entry().key);
        this.heads = new PriorityQueue<>(page.isBackward() ? oldest : oldest.reversed());
    }

    void add(int partition, ReadOnlyKeyValueStore<String, byte[]> store) {
        try {
            String first = StoreKey.first(page.account(), page.lower());
            String last = StoreKey.last(page.account(), page.upper());
            KeyValueIterator<String, byte[]> entries =
                    page.isBackward() ? store.range(first, last) : store.reverseRange(first, last);
            open.add(entries);
            advance(entries);
            partitions.add(partition);
        } catch (InvalidStateStoreException e) {
            return; // it moved away: the page then lacks a partition, which is seen later
        }
    }

    LocalPage read() {
        List<LocalPage.Item> items = new ArrayList<>();
        long bytes = 0;
        try {
            while (items.size() < page.limit() && bytes < MAX_BYTES) {
                Head head = heads.poll();
                if (head == null) {
                    return new LocalPage(items, partitions, false);
                }
                PredictionView view = StoreReads.view(head.entry().value);
                byte[] json = page.aborted() ? PredictionJson.withOwnName(view.json(), view.status()) : view.json();
                items.add(new LocalPage.Item(view.id().value(), json));
                bytes += json.length;
                advance(head.rest());
            }
            return new LocalPage(items, partitions, items.size() < page.limit());
        } finally {
            open.forEach(KeyValueIterator::close);
        }
    }

    private void advance(KeyValueIterator<String, byte[]> entries) {
        String upper = key(page.upper());
        String after = key(page.after());
        while (entries.hasNext()) {
            KeyValue<String, byte[]> entry = entries.next();
            if (!entry.key.equals(upper) && !entry.key.equals(after) && StateCodec.isKnown(entry.value)) {
                heads.add(new Head(entry, entries));
                return;
            }
        }
    }

    private @Nullable String key(@Nullable PredictionId id) {
        return id == null ? null : StoreKey.of(page.account(), id);
    }
}
