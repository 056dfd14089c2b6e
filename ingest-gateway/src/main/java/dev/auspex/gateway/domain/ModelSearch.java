package dev.auspex.gateway.domain;

import dev.auspex.protocol.catalog.Model;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A search for models by words.
 *
 * @param query as the client wrote it
 * @param limit at most so many
 */
public record ModelSearch(String query, int limit) {

    private static final int DEFAULT_LIMIT = 20;
    private static final double IN_NAME = 1;
    private static final double IN_DESCRIPTION = 0.5;

    /** A model that was found. @param score 0 to 1, higher is better */
    public record Hit(Model model, double score) {}

    /**
     * Reads the query parameters of {@code /v1/search}, which are of the documented form.
     *
     * @param parameter gives a query parameter's value or {@code null}
     */
    public static ModelSearch parse(Function<String, @Nullable String> parameter) {
        String limit = parameter.apply("limit");
        return new ModelSearch(
                String.valueOf(parameter.apply("query")), limit == null ? DEFAULT_LIMIT : Integer.parseInt(limit));
    }

    /** Models whose name or description holds every word; those whose name does come first. */
    public List<Hit> in(Collection<Model> models) {
        List<String> words = List.of(query.toLowerCase(Locale.ROOT).strip().split("\\s+"));
        return models.stream()
                .filter(model -> holdsAll(model.name() + " " + model.description(), words))
                .map(model -> new Hit(model, holdsAll(model.name().toString(), words) ? IN_NAME : IN_DESCRIPTION))
                .sorted(Comparator.comparingDouble((Hit hit) -> -hit.score())
                        .thenComparing(hit -> hit.model().name()))
                .limit(limit)
                .toList();
    }

    private static boolean holdsAll(String text, List<String> words) {
        String lower = text.toLowerCase(Locale.ROOT);
        return words.stream().allMatch(lower::contains);
    }
}
