package dev.auspex.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.router.query.LocalPage;
import dev.auspex.router.query.LocalPage.Item;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PageMergeTest {

    private static LocalPage page(int partition, boolean cut, String... ids) {
        return new LocalPage(
                Arrays.stream(ids).map(PageMergeTest::item).toList(), Set.of(partition), cut);
    }

    private static Item item(String id) {
        return new Item(id, ("{\"id\":\"" + id + "\",\"text\":\"a b\\nc\"}").getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> ids(LocalPage page) {
        return page.items().stream().map(Item::id).toList();
    }

    @Test
    void shouldTakeTheNewestOfAllWhenRoutersHaveDifferentParts() {
        LocalPage merged = PageMerge.merge(
                List.of(page(0, false, "9", "5", "1"), page(1, false, "8", "5", "2")), false, 4);

        assertThat(ids(merged)).containsExactly("9", "8", "5", "2");
        assertThat(merged.partitions()).containsExactlyInAnyOrder(0, 1);
        assertThat(merged.cut()).isFalse();
    }

    @Test
    void shouldStopWhereARouterHadToWhenItsPartIsTooLarge() {
        LocalPage merged = PageMerge.merge(
                List.of(page(0, true, "9", "6"), page(1, false, "8", "7", "5", "4")), false, 100);

        assertThat(ids(merged)).containsExactly("9", "8", "7", "6");
        assertThat(merged.cut()).isTrue();
    }

    @Test
    void shouldStopWhereARouterHadToWhenReadBackwards() {
        LocalPage merged = PageMerge.merge(
                List.of(page(0, true, "1", "6"), page(1, false, "2", "5", "7")), true, 100);

        assertThat(ids(merged)).containsExactly("1", "2", "5", "6");
        assertThat(merged.cut()).isTrue();
    }

    @Test
    void shouldArriveAsItWasSentWhenAPageTravels() {
        LocalPage page = page(3, true, "9", "6");
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        PageWire.headers(page, headers);

        LocalPage read = PageWire.read(headers, PageWire.lines(page));

        assertThat(ids(read)).containsExactly("9", "6");
        assertThat(read.items().getFirst().json()).isEqualTo(item("9").json());
        assertThat(read.partitions()).containsExactly(3);
        assertThat(read.cut()).isTrue();
        assertThat(PageWire.array(page(0, false))).hasToString("[]");
    }
}
