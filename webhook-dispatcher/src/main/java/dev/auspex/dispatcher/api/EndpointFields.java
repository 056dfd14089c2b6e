package dev.auspex.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.dispatcher.http.ClientCertificates;
import dev.auspex.dispatcher.http.Credentials;
import dev.auspex.dispatcher.http.Target;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.ClientCertificate;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import dev.auspex.runtime.net.Egress;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what clients write about an endpoint. Throws {@link BadRequestException}.
 *
 * @param fields of the request
 * @param egress what may be called
 * @param credentials seals what has to be stored and not be read
 */
record EndpointFields(Fields fields, Egress egress, Credentials credentials) {

    static final Set<String> NAMES = Set.of(
            "url", "description", "events", "headers", "rate", "asymmetric", "state", "client_certificate");

    private static final int LONGEST_URL = 4096;
    private static final int LONGEST_DESCRIPTION = 500;
    private static final int HIGHEST_RATE = 10_000;
    private static final int MOST_HEADERS = 20;
    private static final int LONGEST_VALUE = 2048;
    // RFC 9110: a token, and what is visible. So no value can end a header and begin another.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7E]([\\x20-\\x7E\\t]*[\\x21-\\x7E])?");
    private static final Set<String> OURS = Set.of(
            "host", "connection", "content-length", "content-type", "content-encoding", "transfer-encoding", "te",
            "trailer", "upgrade", "expect", "keep-alive", "proxy-connection", "user-agent");

    /**
     * Where messages go: what is given, over what is known.
     *
     * @param id of the endpoint, whose key is sealed for it alone
     * @param before {@code null} for a new endpoint
     */
    WebhookEndpoint.Target target(EndpointId id, WebhookEndpoint.@Nullable Target before, Instant now) {
        String url = url(before == null ? null : before.url());
        if (url == null) {
            throw new BadRequestException("url", "an absolute http or https URL");
        }
        String description = fields.text("description", LONGEST_DESCRIPTION);
        List<WebhookEvent> events = events();
        Map<String, String> headers = headers();
        ClientCertificate certificate =
                fields.has("client_certificate") || before == null ? certificate(id, now) : before.certificate();
        if (certificate != null && !Target.parse(url).tls()) {
            throw new BadRequestException("client_certificate", "an https URL");
        }
        return new WebhookEndpoint.Target(
                url,
                fields.has("description") || before == null ? description : before.description(),
                events != null ? events : before != null ? before.events() : List.of(WebhookEvent.COMPLETED),
                headers != null ? credentials.headers().seal(id, headers) : before != null ? before.headers() : Map.of(),
                fields.has("rate") || before == null ? rate() : before.rate(),
                certificate);
    }

    /** The state that is asked for. */
    WebhookEndpoint.State state(WebhookEndpoint.State before) {
        String name = fields.text("state", 20);
        if (name == null) {
            return before;
        }
        for (WebhookEndpoint.State state : WebhookEndpoint.State.values()) {
            if (state.wireName().equals(name)) {
                return state;
            }
        }
        throw new BadRequestException("state", "active, paused or disabled");
    }

    private @Nullable String url(@Nullable String before) {
        String url = fields.text("url", LONGEST_URL);
        if (url == null) {
            return before;
        }
        Target target;
        try {
            target = Target.parse(url);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("url", "an address that can be called: " + e.getMessage());
        }
        InetAddress literal = target.literal();
        if (target.host().equals("localhost") || target.host().endsWith(".localhost")) {
            literal = InetAddress.getLoopbackAddress(); // RFC 6761; other names are judged when they are called
        }
        boolean forbidden = egress.proxied()
                ? egress.refusal(target.host(), target.literal(), target.port()) != null
                : literal != null && !egress.guard().permits(literal, target.port());
        if (forbidden) {
            throw new BadRequestException("url", "a public address, or one that webhook.allow names");
        }
        return url;
    }

    private @Nullable ClientCertificate certificate(EndpointId id, Instant now) {
        JsonNode node = fields.node("client_certificate");
        if (node == null) {
            return null;
        }
        JsonNode chain = node.path("certificate");
        JsonNode key = node.path("key");
        boolean readable = chain.isTextual() && key.isTextual() && node.size() == 2
                && chain.textValue().length() <= ClientCertificates.LONGEST_PEM
                && key.textValue().length() <= ClientCertificates.LONGEST_PEM;
        if (!readable) {
            throw new BadRequestException("client_certificate", "an object with the texts certificate and key, PEM, each of at most "
                    + ClientCertificates.LONGEST_PEM + " characters, or null");
        }
        try {
            return credentials.certificates().seal(id, chain.textValue(), key.textValue(), now);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("client_certificate", Objects.requireNonNullElse(e.getMessage(), ""));
        }
    }

    private @Nullable List<WebhookEvent> events() {
        JsonNode node = fields.node("events");
        if (node == null) {
            return null;
        }
        List<WebhookEvent> events = new ArrayList<>();
        for (JsonNode element : node) {
            WebhookEvent event = WebhookEvent.parse(element.asText()).orElse(null);
            if (event == null || !element.isTextual()) {
                throw new BadRequestException("events", "only " + WebhookEvent.NAMES);
            }
            if (!events.contains(event)) {
                events.add(event);
            }
        }
        if (!node.isArray() || events.isEmpty()) {
            throw new BadRequestException("events", "an array of some of " + WebhookEvent.NAMES);
        }
        return events;
    }

    private @Nullable Map<String, String> headers() {
        JsonNode node = fields.node("headers");
        if (node == null) {
            return null;
        }
        if (!node.isObject() || node.size() > MOST_HEADERS) {
            throw new BadRequestException("headers", "an object with at most " + MOST_HEADERS + " members");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        node.properties().forEach(header -> {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            String value = header.getValue().asText();
            if (!NAME.matcher(name).matches() || OURS.contains(name)
                    || name.startsWith("webhook-") || name.startsWith("auspex-")) {
                throw new BadRequestException("headers", "names of headers that are not set by Auspex itself");
            }
            if (!header.getValue().isTextual() || value.length() > LONGEST_VALUE || !VALUE.matcher(value).matches()) {
                throw new BadRequestException("headers." + name,
                        "visible ASCII characters, at most " + LONGEST_VALUE + " of them");
            }
            headers.put(name, value);
        });
        return headers;
    }

    private @Nullable Integer rate() {
        int rate = fields.number("rate", 0, 1, HIGHEST_RATE);
        return rate == 0 ? null : rate;
    }
}
