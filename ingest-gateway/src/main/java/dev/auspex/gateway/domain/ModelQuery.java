package dev.auspex.gateway.domain;

import dev.auspex.protocol.catalog.Model;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which models a client wants listed.
 *
 * @param byCreation sorted by the model's own creation instead of its newest version's
 * @param ascending oldest first
 * @param after the position the page begins after, or ends before; {@code null} for the first page
 * @param back whether it ends before that position
 */
public record ModelQuery(boolean byCreation, boolean ascending, @Nullable String after, boolean back) {

    /** Models on a page. */
    public static final int PAGE = 25;

    /** A page. @param more whether there are others beyond it, in the direction in which it was read */
    public record Page(List<Model> models, boolean more) {}

    /**
     * Reads the query parameters of a list, which are of the documented form.
     *
     * @param parameter gives a query parameter's value or {@code null}
     * @throws ApiException 422 if the cursor is none
     */
    public static ModelQuery parse(Function<String, @Nullable String> parameter) {
        boolean byCreation = "model_created_at".equals(parameter.apply("sort_by"));
        boolean ascending = "asc".equals(parameter.apply("sort_direction"));
        String cursor = parameter.apply("cursor");
        if (cursor == null) {
            return new ModelQuery(byCreation, ascending, null, false);
        }
        Cursor.Place place = Cursor.place(cursor);
        return new ModelQuery(byCreation, ascending, place.position(), place.back());
    }

    /** The page of these models that was asked for. */
    public Page page(Collection<Model> models) {
        // Positions are text that sorts as the list does, so a page stays right when models come or go between.
        Comparator<String> direction =
                ascending == back ? Comparator.reverseOrder() : Comparator.naturalOrder();
        List<Model> rest = models.stream()
                .filter(model -> after == null || direction.compare(position(model), after) > 0)
                .sorted(Comparator.comparing(this::position, direction))
                .limit(PAGE + 1L)
                .toList();
        List<Model> fitting = rest.subList(0, Math.min(PAGE, rest.size()));
        return new Page(back ? fitting.reversed() : fitting, rest.size() > PAGE);
    }

    /** The query string of the page after this one; {@code null} if it is the last. @param page answers this query */
    public @Nullable String next(Page page) {
        return page.models().isEmpty() || !(back || page.more())
                ? null
                : page(Cursor.of(position(page.models().getLast())));
    }

    /** The query string of the page before this one; {@code null} if it is the first. @param page answers this query */
    public @Nullable String previous(Page page) {
        return page.models().isEmpty() || !(back ? page.more() : after != null)
                ? null
                : page(Cursor.back(position(page.models().getFirst())));
    }

    private String page(String cursor) {
        return "cursor=" + cursor
                + (byCreation ? "&sort_by=model_created_at" : "")
                + (ascending ? "&sort_direction=asc" : "");
    }

    private String position(Model model) {
        Instant time = byCreation || model.versions().isEmpty() ? model.createdAt() : model.latest().createdAt();
        return String.format(Locale.ROOT, "%015d %s", time.toEpochMilli(), model.name());
    }
}
