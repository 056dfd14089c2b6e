package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the body of a create request; the schema is closed, as Replicate's is. Immutable; safe for any thread. */
public final class PredictionRequestReader {

    private final WebhookRule webhooks;

    /** @param webhooks which webhook addresses are acceptable */
    public PredictionRequestReader(WebhookRule webhooks) {
        this.webhooks = webhooks;
    }

    /**
     * Reads a body.
     *
     * @param body any JSON value
     * @param namesVersion whether the body has to say which version to run, because the route does not
     * @throws ApiException 422 with every field that is wrong
     */
    public PredictionRequest read(JsonNode body, boolean namesVersion) {
        if (!body.isObject()) {
            throw ApiException.invalid("", FieldProblems.INVALID_TYPE, "the body must be a JSON object");
        }
        FieldProblems problems = new FieldProblems();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            checkKnown(field.getKey(), namesVersion, problems);
        }
        String version = namesVersion ? requiredText(body, "version", problems) : null;
        ObjectNode input = input(body.get("input"), problems);
        optionalBoolean(body, "stream", problems);
        Webhook webhook = webhook(body, problems);
        problems.throwIfAny();
        if (input == null) {
            throw new IllegalStateException("a missing input was not reported");
        }
        return new PredictionRequest(input, webhook, version == null ? null : versionRef(version));
    }

    private static void checkKnown(String key, boolean namesVersion, FieldProblems problems) {
        boolean known = switch (key) {
            case "input", "stream", "webhook", "webhook_events_filter", "webhook_completed" -> true;
            case "version" -> namesVersion;
            default -> false;
        };
        if (!known) {
            problems.add(key, FieldProblems.ADDITIONAL_PROPERTY, "additional property " + key + " is not allowed");
        }
    }

    private static @Nullable ObjectNode input(@Nullable JsonNode input, FieldProblems problems) {
        if (input == null) {
            problems.add("input", FieldProblems.REQUIRED, "input is required");
            return null;
        }
        if (!(input instanceof ObjectNode object)) {
            problems.add("input", FieldProblems.INVALID_TYPE, "expected an object, found " + typeOf(input));
            return null;
        }
        // What the JavaScript client 1.4.0 sends with fileEncodingStrategy "data-uri": itself, token included.
        if (object.has("auth") && object.has("userAgent") && object.has("baseUrl")) {
            problems.add("input", FieldProblems.FORMAT,
                    "this is the client object, not a model input: the replicate JavaScript client 1.4.0 sends itself, "
                            + "with its API token, when fileEncodingStrategy is \"data-uri\"; use \"upload\" and "
                            + "consider replacing the token");
            return null;
        }
        checkNumbers(object, "input", problems);
        return object;
    }

    /** A number too large for a double would be read as infinite, and JSON cannot say that to the model. */
    private static void checkNumbers(JsonNode node, String path, FieldProblems problems) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                if (field.getValue().isContainerNode() || field.getValue().isNumber()) {
                    checkNumbers(field.getValue(), path + "." + field.getKey(), problems);
                }
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                JsonNode element = node.get(i);
                if (element.isContainerNode() || element.isFloatingPointNumber()) {
                    checkNumbers(element, path + "." + i, problems);
                }
            }
        } else if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            problems.add(path, FieldProblems.FORMAT, "the number is outside the range of a 64-bit float");
        }
    }

    private @Nullable Webhook webhook(JsonNode body, FieldProblems problems) {
        String url = webhookUrl(body, "webhook", problems);
        List<WebhookEvent> filter = filter(body.get("webhook_events_filter"), problems);
        String completed = webhookUrl(body, "webhook_completed", problems);
        if (url != null) {
            return new Webhook(url, filter);
        }
        return completed == null ? null : new Webhook(completed, List.of(WebhookEvent.COMPLETED));
    }

    private @Nullable String webhookUrl(JsonNode body, String field, FieldProblems problems) {
        JsonNode url = body.get(field);
        if (url == null || url.isNull()) {
            return null;
        }
        if (!url.isTextual()) {
            problems.add(field, FieldProblems.INVALID_TYPE, "expected a string, found " + typeOf(url));
            return null;
        }
        webhooks.refusal(url.textValue()).ifPresent(why -> problems.add(field, FieldProblems.FORMAT, why));
        return url.textValue();
    }

    private static @Nullable List<WebhookEvent> filter(@Nullable JsonNode filter, FieldProblems problems) {
        if (filter == null || filter.isNull()) {
            return null;
        }
        if (!filter.isArray()) {
            problems.add("webhook_events_filter", FieldProblems.INVALID_TYPE,
                    "expected an array, found " + typeOf(filter));
            return null;
        }
        List<WebhookEvent> events = new ArrayList<>(4);
        for (JsonNode element : filter) {
            WebhookEvent event = element.isTextual() ? WebhookEvent.parse(element.textValue()).orElse(null) : null;
            if (event == null) {
                problems.add("webhook_events_filter", FieldProblems.ENUM,
                        "expected only " + WebhookEvent.NAMES);
                return null;
            }
            if (!events.contains(event)) {
                events.add(event);
            }
        }
        return events;
    }

    private static @Nullable String requiredText(JsonNode body, String field, FieldProblems problems) {
        JsonNode text = body.get(field);
        if (text == null || text.isNull()) {
            problems.add(field, FieldProblems.REQUIRED, field + " is required");
            return null;
        }
        if (!text.isTextual()) {
            problems.add(field, FieldProblems.INVALID_TYPE, "expected a string, found " + typeOf(text));
            return null;
        }
        return text.textValue();
    }

    private static void optionalBoolean(JsonNode body, String field, FieldProblems problems) {
        JsonNode value = body.get(field);
        if (value != null && !value.isNull() && !value.isBoolean()) {
            problems.add(field, FieldProblems.INVALID_TYPE, "expected true or false, found " + typeOf(value));
        }
    }

    private static VersionRef versionRef(String text) {
        return VersionRef.parse(text).orElseThrow(() -> Catalogue.invalidVersion(
                "expected a version id of 64 lower-case hexadecimal digits, owner/name:<version id> or owner/name"));
    }

    private static String typeOf(JsonNode node) {
        return node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }
}
