package dev.auspex.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Runner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be different about a model; {@code null} leaves what is there. The first change of a model names hardware and
 * visibility.
 *
 * @param description one line for people
 * @param visibility who can see it
 * @param hardware the classes it runs on, best first
 * @param page what people read about it
 * @param version to put in front of its versions
 */
public record ModelChange(
        @Nullable String description,
        @Nullable Visibility visibility,
        @Nullable List<HardwareClass> hardware,
        @Nullable ModelPage page,
        @Nullable Version version) {

    /** Copies the list. */
    public ModelChange {
        hardware = hardware == null ? null : List.copyOf(hardware);
    }

    /** How a version runs and what it takes. Treat the schema as immutable. */
    public record Version(Runner runner, ObjectNode openapiSchema) {}
}
