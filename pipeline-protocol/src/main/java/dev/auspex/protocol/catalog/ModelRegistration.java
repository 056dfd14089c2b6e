package dev.auspex.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who can run a model says of it: an executor of its built-in models, a catalogue file of its entries.
 *
 * @param name the model
 * @param description one line for people
 * @param hardware the classes it can run on, best first; at least one
 * @param runner how to run it
 * @param openapiSchema the version's schema in Cog's form: {@code components.schemas.Input} and {@code Output}
 * @param limits what predictions of it are allowed; {@code null} to leave what is known
 */
public record ModelRegistration(
        ModelName name,
        String description,
        List<HardwareClass> hardware,
        Runner runner,
        ObjectNode openapiSchema,
        @Nullable JobLimits limits) {

    /** A registration that says nothing of limits. */
    public ModelRegistration(
            ModelName name, String description, List<HardwareClass> hardware, Runner runner, ObjectNode openapiSchema) {
        this(name, description, hardware, runner, openapiSchema, null);
    }

    /** @throws IllegalArgumentException without a hardware class */
    public ModelRegistration {
        hardware = List.copyOf(hardware);
        if (hardware.isEmpty()) {
            throw new IllegalArgumentException("hardware: expected at least one class for " + name);
        }
    }
}
