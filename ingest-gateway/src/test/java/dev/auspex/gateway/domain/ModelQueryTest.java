package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.gateway.app.TestModels;
import dev.auspex.protocol.catalog.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelQueryTest {

    @Test
    void shouldShowEveryModelOnceWhenWalkingThePages() {
        List<Model> models = IntStream.range(0, 60).mapToObj(i -> TestModels.named("acme/m" + i)).toList();
        List<List<Model>> forth = new ArrayList<>();
        ModelQuery query = ModelQuery.parse(name -> null);
        String previous = null;
        while (query != null) {
            ModelQuery.Page page = query.page(models);
            forth.add(page.models());
            assertThat(query.previous(page) == null).as("only the first has none").isEqualTo(forth.size() == 1);
            previous = query.previous(page);
            query = follow(query.next(page));
        }
        assertThat(forth).extracting(List::size).containsExactly(25, 25, 10);
        assertThat(forth.stream().flatMap(List::stream)).hasSize(60).containsExactlyInAnyOrderElementsOf(models);

        List<List<Model>> back = new ArrayList<>();
        for (query = follow(previous); query != null; query = follow(previous)) {
            ModelQuery.Page page = query.page(models);
            back.addFirst(page.models());
            assertThat(query.next(page)).isNotNull();
            previous = query.previous(page);
        }
        assertThat(back).isEqualTo(forth.subList(0, 2));
    }

    private static ModelQuery follow(String query) {
        return query == null ? null : ModelQuery.parse(Map.of("cursor", query.substring("cursor=".length()))::get);
    }
}
