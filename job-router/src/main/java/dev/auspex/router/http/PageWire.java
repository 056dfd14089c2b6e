package dev.auspex.router.http;

import dev.auspex.router.query.LocalPage;
import dev.auspex.router.query.LocalPage.Item;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A page between routers: a line for each item, {@code id}, a space and the object, which has no line break in it; which
 * partitions it covers and whether it was cut short stand in headers.
 */
final class PageWire {

    static final String PARTITIONS = "auspex-partitions";
    /** Also on the answer to a gateway: the page is short because it is large, more follows. */
    static final String CUT = "auspex-cut";

    private PageWire() {}

    static Buffer lines(LocalPage page) {
        Buffer body = Buffer.buffer();
        for (Item item : page.items()) {
            body.appendString(item.id()).appendByte((byte) ' ').appendBytes(item.json()).appendByte((byte) '\n');
        }
        return body;
    }

    static Buffer array(LocalPage page) {
        Buffer body = Buffer.buffer("[");
        boolean first = true;
        for (Item item : page.items()) {
            if (!first) {
                body.appendByte((byte) ',');
            }
            body.appendBytes(item.json());
            first = false;
        }
        return body.appendByte((byte) ']');
    }

    static void headers(LocalPage page, MultiMap headers) {
        headers.add(PARTITIONS,
                page.partitions().stream().sorted().map(String::valueOf).collect(Collectors.joining(",")));
        if (page.cut()) {
            headers.add(CUT, "true");
        }
    }

    /** @throws IllegalArgumentException if it is not such a page */
    static LocalPage read(MultiMap headers, Buffer body) {
        byte[] bytes = body.getBytes();
        List<Item> items = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                items.add(item(bytes, start, i));
                start = i + 1;
            }
        }
        String covered = headers.get(PARTITIONS);
        Set<Integer> partitions = covered == null || covered.isEmpty()
                ? Set.of()
                : Arrays.stream(covered.split(",")).map(Integer::valueOf).collect(Collectors.toSet());
        return new LocalPage(items, partitions, headers.contains(CUT));
    }

    private static Item item(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == ' ') {
                String id = new String(bytes, start, i - start, java.nio.charset.StandardCharsets.US_ASCII);
                return new Item(id, Arrays.copyOfRange(bytes, i + 1, end));
            }
        }
        throw new IllegalArgumentException("a line without an id");
    }
}
