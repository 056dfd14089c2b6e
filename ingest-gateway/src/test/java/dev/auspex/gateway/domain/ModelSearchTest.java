package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.gateway.app.TestModels;
import dev.auspex.protocol.catalog.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelSearchTest {

    private static List<String> names(String query, int limit, Model... models) {
        return new ModelSearch(query, limit).in(List.of(models)).stream()
                .map(hit -> hit.model().name().name())
                .toList();
    }

    @Test
    void shouldPutMatchingNamesFirstWhenSearching() {
        assertThat(names(" A ", 20, TestModels.ECHO, TestModels.PAINTER, TestModels.GIANT))
                .containsExactly("giant", "painter", "echo");
        assertThat(names(" A ", 1, TestModels.ECHO, TestModels.PAINTER, TestModels.GIANT)).containsExactly("giant");
        assertThat(names("paints acme", 20, TestModels.ECHO, TestModels.PAINTER)).containsExactly("painter");
    }
}
