package dev.auspex.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What is measured.
 *
 * @param url the API, on loopback, see {@link Loopback}
 * @param token an account's token
 * @param model {@code owner/name} of the no-op model
 * @param parkedModel the model for submits alone: one whose class has no executor leaves the machine to the submits
 * @param input of every prediction
 * @param server its process; {@code null} if not known
 */
record Target(
        URI url, String token, String model, String parkedModel, JsonNode input, @Nullable ProcessMeter server) {

    /** The model that a phase submits to. */
    String model(Phase phase) {
        return phase.webhooks() ? model : parkedModel;
    }

    @Override
    public String toString() {
        return url + " " + model;
    }
}
