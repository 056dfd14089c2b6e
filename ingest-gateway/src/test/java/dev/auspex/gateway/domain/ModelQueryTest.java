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
        List<Model> seen = new ArrayList<>();
        ModelQuery query = ModelQuery.parse(name -> null);
        while (true) {
            ModelQuery.Page page = query.page(models);
            seen.addAll(page.models());
            if (page.last() == null) {
                break;
            }
            String next = query.next(page.last());
            query = ModelQuery.parse(Map.of("cursor", next.substring("cursor=".length()))::get);
        }

        assertThat(seen).hasSize(60).containsExactlyInAnyOrderElementsOf(models);
    }
}
