package dev.auspex.gateway.domain;

import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import java.util.Optional;

/** How a client says which version to run. */
public sealed interface VersionRef {

    /** Exactly this version, of whichever model. */
    record Exact(VersionId version) implements VersionRef {}

    /** The newest version of a model. */
    record Latest(ModelName model) implements VersionRef {}

    /** This version, which has to be one of the model's. */
    record Pinned(ModelName model, VersionId version) implements VersionRef {}

    /** Reads {@code <64 hex>}, {@code owner/name:<64 hex>} or {@code owner/name}; empty if the text has another form. */
    static Optional<VersionRef> parse(String text) {
        if (VersionId.isValid(text)) {
            return Optional.of(new Exact(new VersionId(text)));
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            return ModelName.parse(text).map(Latest::new);
        }
        String version = text.substring(colon + 1);
        return VersionId.isValid(version)
                ? ModelName.parse(text.substring(0, colon)).map(model -> new Pinned(model, new VersionId(version)))
                : Optional.empty();
    }
}
