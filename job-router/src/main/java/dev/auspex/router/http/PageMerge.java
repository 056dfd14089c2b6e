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

    /** @param pages of the same request @param limit at most so many items */
    static LocalPage merge(Collection<LocalPage> pages, int limit) {
        TreeMap<String, Item> all = new TreeMap<>(Comparator.reverseOrder());
        Set<Integer> partitions = new HashSet<>();
        String oldest = "";
        boolean cut = false;
        for (LocalPage page : pages) {
            page.items().forEach(item -> all.putIfAbsent(item.id(), item)); // a part that just moved answers twice
            partitions.addAll(page.partitions());
            if (page.cut() && !page.items().isEmpty()) {
                // Nothing older than where one router stopped may be shown: its own would be missing between.
                String last = page.items().getLast().id();
                oldest = last.compareTo(oldest) > 0 ? last : oldest;
                cut = true;
            }
        }
        String bound = oldest;
        List<Item> items = all.values().stream()
                .filter(item -> item.id().compareTo(bound) >= 0)
                .limit(limit)
                .toList();
        return new LocalPage(items, partitions, cut && items.size() < limit);
    }
}
