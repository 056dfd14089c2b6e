package dev.auspex.router.query;

import java.util.List;
import java.util.Set;

/**
 * What one router has of a page.
 *
 * @param items newest first; oldest first on a page that is read backwards
 * @param partitions the parts it looked at; only all parts together make a page
 * @param cut whether it ended early because it would have been too large
 */
public record LocalPage(List<Item> items, Set<Integer> partitions, boolean cut) {

    /** Copies both. */
    public LocalPage {
        items = List.copyOf(items);
        partitions = Set.copyOf(partitions);
    }

    /** A prediction of a page. @param id text, to sort by @param json the API's object; never changed */
    public record Item(String id, byte[] json) {}
}
