package dev.auspex.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What people read about a model. In a {@link ModelChange}, {@code null} leaves what is there and an empty text or object
 * takes it away. Treat the example as immutable.
 *
 * @param readme Markdown
 * @param githubUrl where its code is
 * @param paperUrl where it is described
 * @param licenseUrl what it may be used for
 * @param weightsUrl where its weights are
 * @param coverImageUrl a picture for lists
 * @param example a prediction that shows what it does, as the API showed it when it was chosen
 */
public record ModelPage(
        @Nullable String readme,
        @Nullable String githubUrl,
        @Nullable String paperUrl,
        @Nullable String licenseUrl,
        @Nullable String weightsUrl,
        @Nullable String coverImageUrl,
        @Nullable ObjectNode example) {

    /** Nothing is known. */
    public static final ModelPage EMPTY = new ModelPage(null, null, null, null, null, null, null);

    /** This page after a change. */
    public ModelPage with(ModelPage change) {
        return new ModelPage(
                pick(change.readme, readme),
                pick(change.githubUrl, githubUrl),
                pick(change.paperUrl, paperUrl),
                pick(change.licenseUrl, licenseUrl),
                pick(change.weightsUrl, weightsUrl),
                pick(change.coverImageUrl, coverImageUrl),
                change.example == null ? example : change.example.isEmpty() ? null : change.example);
    }

    /** This page with another example. */
    public ModelPage withExample(ObjectNode other) {
        return new ModelPage(readme, githubUrl, paperUrl, licenseUrl, weightsUrl, coverImageUrl, other);
    }

    private static @Nullable String pick(@Nullable String wanted, @Nullable String known) {
        if (wanted == null) {
            return known;
        }
        return wanted.isEmpty() ? null : wanted;
    }
}
