package dev.auspex.router.http;

import dev.auspex.router.query.LocalPage;
import dev.auspex.router.query.LocalPage.Item;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Makes one page of what several routers have. Pure. */
final class PageMerge {

    private PageMerge() {}

    /**
     * Merges pages of the same request.
     *
     * @param backward whether they were read oldest first
     * @param limit at most so many items
     */
    static LocalPage merge(Collection<LocalPage> pages, boolean backward, int limit) {
        Comparator<String> order = backward ? Comparator.naturalOrder() : Comparator.reverseOrder();
        TreeMap<String, Item> all = new TreeMap<>(order);
        Set<Integer> partitions = new HashSet<>();
        String bound = null;
        for (LocalPage page : pages) {
            page.items().forEach(item -> all.putIfAbsent(item.id(), item)); // a part that just moved answers twice
            partitions.addAll(page.partitions());
            if (page.cut() && !page.items().isEmpty()) {
                // Nothing beyond where one router stopped may be shown: its own would be missing between.
                String last = page.items().getLast().id();
                bound = bound == null || order.compare(last, bound) < 0 ? last : bound;
            }
        }
        Collection<Item> shown = bound == null ? all.values() : all.headMap(bound, true).values();
        List<Item> items = shown.stream().limit(limit).toList();
        return new LocalPage(items, partitions, bound != null && items.size() < limit);
    }
}
