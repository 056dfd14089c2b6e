package dev.auspex.gateway.domain;

import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.catalog.ModelChange;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants of a model, checked.
 *
 * @param name the model
 * @param change what is to be different
 * @param example the prediction to show as its example; {@code null} if the request does not name one
 */
public record ModelRequest(ModelName name, ModelChange change, @Nullable PredictionId example) {}
