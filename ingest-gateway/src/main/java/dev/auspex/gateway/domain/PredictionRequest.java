package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.Webhook;
import org.jspecify.annotations.Nullable;

/**
 * The body of a create request, checked as far as it can be without the catalogue.
 *
 * @param input not yet checked against a version's schema
 * @param webhook where events go; {@code null} for nowhere
 * @param version the body's {@code version}; {@code null} on routes that name the model
 */
public record PredictionRequest(ObjectNode input, @Nullable Webhook webhook, @Nullable VersionRef version) {}
