package dev.auspex.gateway.domain;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelVersion;
import org.jspecify.annotations.Nullable;

/** A version that can be asked for, with what a create request needs of it at hand. Safe for any thread. */
public final class PublishedVersion {

    private final Model model;
    private final ModelVersion version;
    private final @Nullable HardwareClass hardware;
    private volatile @Nullable InputSchema schema;

    PublishedVersion(Model model, ModelVersion version, @Nullable HardwareClass hardware, @Nullable InputSchema schema) {
        this.model = model;
        this.version = version;
        this.hardware = hardware;
        this.schema = schema;
    }

    /** The model it belongs to. */
    public Model model() {
        return model;
    }

    /** The version itself. */
    public ModelVersion version() {
        return version;
    }

    /** The class to run on. @throws ApiException 422 if this installation has none of the model's classes */
    public HardwareClass hardware() {
        if (hardware == null) {
            throw Catalogue.invalidVersion("no hardware class of this installation can run " + model.name());
        }
        return hardware;
    }

    /**
     * The compiled schema of its input; compiled at the first use.
     *
     * @throws ApiException 422 if the model was published with a schema that cannot be used
     */
    public InputSchema schema() {
        InputSchema compiled = schema;
        if (compiled == null) {
            try {
                compiled = InputSchema.compile(version.openapiSchema());
            } catch (IllegalArgumentException e) {
                throw Catalogue.invalidVersion(
                        "version " + version.id() + " of " + model.name() + " was published with an unusable input schema");
            }
            schema = compiled;
        }
        return compiled;
    }

    @Nullable InputSchema compiled() {
        return schema;
    }
}
