package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the body of a create request that has the documented form. Immutable; safe for any thread. */
public final class PredictionRequestReader {

    private final WebhookRule webhooks;

    /** @param webhooks which webhook addresses are acceptable */
    public PredictionRequestReader(WebhookRule webhooks) {
        this.webhooks = webhooks;
    }

    /**
     * Reads a body of the documented form.
     *
     * @param body which may name the version to run, where the route does not
     * @throws ApiException 422 with every field that is wrong
     */
    public PredictionRequest read(JsonNode body) {
        FieldProblems problems = new FieldProblems();
        ObjectNode input = (ObjectNode) body.get("input");
        checkInput(input, problems);
        Webhook webhook = webhook(body, problems);
        problems.throwIfAny();
        return new PredictionRequest(
                input, webhook, body.has("version") ? versionRef(body.get("version").textValue()) : null);
    }

    private static void checkInput(ObjectNode input, FieldProblems problems) {
        // What the JavaScript client 1.4.0 sends with fileEncodingStrategy "data-uri": itself, token included.
        if (input.has("auth") && input.has("userAgent") && input.has("baseUrl")) {
            problems.add("input", FieldProblems.FORMAT,
                    "this is the client object, not a model input: the replicate JavaScript client 1.4.0 sends itself, "
                            + "with its API token, when fileEncodingStrategy is \"data-uri\"; use \"upload\" and "
                            + "consider replacing the token");
        }
    }

    private @Nullable Webhook webhook(JsonNode body, FieldProblems problems) {
        String url = webhookUrl(body, "webhook", problems);
        List<WebhookEvent> filter = filter(body.path("webhook_events_filter"));
        String completed = webhookUrl(body, "webhook_completed", problems);
        if (url != null) {
            return new Webhook(url, filter);
        }
        return completed == null ? null : new Webhook(completed, List.of(WebhookEvent.COMPLETED));
    }

    private @Nullable String webhookUrl(JsonNode body, String field, FieldProblems problems) {
        String url = body.path(field).textValue();
        if (url != null) {
            webhooks.refusal(url).ifPresent(why -> problems.add(field, FieldProblems.FORMAT, why));
        }
        return url;
    }

    private static @Nullable List<WebhookEvent> filter(JsonNode filter) {
        if (!filter.isArray()) {
            return null;
        }
        List<WebhookEvent> events = new ArrayList<>(4);
        for (JsonNode element : filter) {
            WebhookEvent event = WebhookEvent.of(element.textValue());
            if (!events.contains(event)) {
                events.add(event);
            }
        }
        return events;
    }

    private static VersionRef versionRef(String text) {
        return VersionRef.parse(text).orElseThrow(() -> Catalogue.invalidVersion(
                "expected a version id of 64 lower-case hexadecimal digits, owner/name:<version id> or owner/name"));
    }
}
