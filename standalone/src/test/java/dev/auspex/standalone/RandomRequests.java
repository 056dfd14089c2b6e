package dev.auspex.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.openapi.ApiDocument;
import dev.auspex.gateway.openapi.Operation;
import dev.auspex.protocol.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.Supplier;

/**
 * Makes requests out of the API's document: what it asks for, what lies at its edges, and what nobody should send. For one
 * thread.
 */
final class RandomRequests {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** Nothing here makes the gateway wait for longer than a second. */
    private static final Map<String, List<String>> HEADERS = Map.of(
            "Prefer", List.of("wait=1", "wait=0", "wait=-5", "wait=1.5", "wait=x", "respond-async", "", "wait=1, wait=1"),
            "Auspex-Statuses", List.of("aborted", "aborted, failed", "canceled", ""),
            "Cancel-After", List.of("30s", "5", "4s", "25h", "1h30m", "-1", "x", "99999999999999999999s", ""),
            "Idempotency-Key", List.of("k", "", "\"quoted\"", "x".repeat(300), "a b", "ü"),
            "Last-Event-ID", List.of("1:1", "1:99999999999", "", "x"));
    private static final List<String> TEXTS = List.of(
            "", " ", "0", "-1", "null", "a/b", "../../etc/passwd", "%00", "\u0000", "\u202etxt", "😀".repeat(300), "x".repeat(20_000),
            "'; drop table x; --", "${jndi:ldap://127.0.0.1/x}", "<script>", "http://169.254.169.254/", "http://127.0.0.1:1/x",
            "https://example.com/hook", "data:text/plain,x", "2026-01-02T03:04:05Z", "9999999999-01-01T00:00:00Z", "\r\nX: y", "*");
    private static final List<Supplier<JsonNode>> ODDITIES = List.of(
            NODES::nullNode, NODES::objectNode, NODES::arrayNode, () -> NODES.booleanNode(true), () -> NODES.numberNode(0),
            () -> NODES.numberNode(-1), () -> NODES.numberNode(Long.MAX_VALUE), () -> NODES.numberNode(0.1),
            () -> NODES.numberNode(new BigDecimal("1e400")), () -> NODES.numberNode(BigInteger.TEN.pow(300)),
            () -> NODES.textNode("x"), () -> NODES.objectNode().put("__proto__", 1).put("", 2), RandomRequests::deep);
    private static final List<String> NO_JSON = List.of(
            "{", "[]", "null", "\"x\"", "7", "{\"input\":", "{\"input\":{}}{}", "\uffff", "<xml/>", "{\"a\":1,\"a\":2}", "NaN");

    private final ApiDocument document;
    private final Random random;
    private final String base;
    private final List<String> known;

    /** @param known names and ids that exist */
    RandomRequests(ApiDocument document, Random random, String base, List<String> known) {
        this.document = document;
        this.random = random;
        this.base = base;
        this.known = known;
    }

    HttpRequest next(Operation operation) {
        StringBuilder address = new StringBuilder(base);
        for (String segment : operation.path().substring(1).split("/")) {
            address.append('/').append(segment.startsWith("{") ? encoded(name()) : segment);
        }
        StringJoiner query = new StringJoiner("&", "?", "");
        HttpRequest.Builder request = HttpRequest.newBuilder().timeout(Duration.ofSeconds(15));
        if (random.nextInt(20) > 0) {
            request.header("Authorization", "Bearer " + (random.nextInt(4) > 0 ? Edge.TOKEN : Edge.OTHER_TOKEN));
        }
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").asText();
            if (parameter.path("in").asText().equals("query") && random.nextBoolean()) {
                JsonNode value = value(parameter.path("schema"), 0);
                query.add(name + "=" + encoded(value.isValueNode() ? value.asText() : value.toString()));
            } else if (HEADERS.containsKey(name) && random.nextInt(3) == 0) {
                request.header(name, one(HEADERS.get(name)));
            }
        }
        if (random.nextInt(10) == 0) {
            disguise(address);
        }
        return request.uri(URI.create(address + (query.length() > 1 ? query.toString() : "")))
                .header("Content-Type", random.nextInt(5) > 0 ? type(operation) : one(List.of("text/plain", "x", "application/xml")))
                .method(operation.method(), body(operation))
                .build();
    }

    // Addresses that a router takes for the same and a careless check does not.
    private void disguise(StringBuilder address) {
        int start = base.length();
        switch (random.nextInt(4)) {
            case 0 -> address.append('/');
            case 1 -> address.insert(start, "/x/..");
            case 2 -> address.insert(address.indexOf("/", start + 1) < 0 ? start : address.indexOf("/", start + 1), '/');
            default -> {
                char letter = address.charAt(start + 1);
                address.replace(start + 1, start + 2, "%" + Integer.toHexString(letter));
            }
        }
    }

    private static String type(Operation operation) {
        return operation.path().equals("/v1/files") ? "multipart/form-data; boundary=b" : "application/json";
    }

    private BodyPublisher body(Operation operation) {
        JsonNode content = document.at(document.place(operation.pointer() + "/requestBody")).path("content");
        if (content.isMissingNode()) {
            return random.nextInt(4) > 0 ? BodyPublishers.noBody() : BodyPublishers.ofString(one(NO_JSON));
        }
        if (random.nextInt(8) == 0) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            return random.nextBoolean() ? BodyPublishers.ofByteArray(bytes) : BodyPublishers.ofString(one(NO_JSON));
        }
        if (content.has("multipart/form-data")) {
            return BodyPublishers.ofString("--b\r\nContent-Disposition: form-data; name=\"" + one(List.of("content", "metadata", "", "x"))
                    + "\"; filename=\"" + one(List.of("a.txt", "", "../x")) + "\"\r\n\r\n" + one(List.of("{}", "x", "{")) + "\r\n--b--\r\n");
        }
        return BodyPublishers.ofByteArray(Json.bytes(value(content.path("application/json").path("schema"), 0)));
    }

    /** Something that the schema asks for, or nearly, or not at all. */
    private JsonNode value(JsonNode unresolved, int depth) {
        JsonNode schema = document.resolve(unresolved);
        if (depth > 0 && random.nextInt(12) == 0) {
            return one(ODDITIES).get();
        }
        if (schema.has("enum") && random.nextInt(6) > 0) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        }
        JsonNode types = schema.path("type");
        String type = types.isArray() ? types.get(random.nextInt(types.size())).asText() : types.asText("string");
        return switch (type) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "integer", "number" -> number(schema);
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "null" -> NODES.nullNode();
            default -> NODES.textNode(name());
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = Json.object();
        List<String> required = schema.path("required").valueStream().map(JsonNode::asText).toList();
        schema.path("properties").properties().forEach(property -> {
            int chance = required.contains(property.getKey()) ? 19 : 8;
            if (random.nextInt(20) < chance) {
                object.set(property.getKey(), value(property.getValue(), depth + 1));
            }
        });
        if (random.nextInt(15) == 0) {
            object.set(one(TEXTS), one(ODDITIES).get());
        }
        return object;
    }

    private ArrayNode array(JsonNode schema, int depth) {
        ArrayNode array = NODES.arrayNode();
        int size = one(List.of(0, 1, 2, 3, 40));
        for (int i = 0; i < size; i++) {
            array.add(value(schema.path("items"), depth + 1));
        }
        return array;
    }

    private JsonNode number(JsonNode schema) {
        long least = schema.path("minimum").asLong(0);
        long most = schema.path("maximum").asLong(Integer.MAX_VALUE);
        return NODES.numberNode(one(List.of(least, most, least - 1, most + 1, least + (most - least) / 2)));
    }

    private String name() {
        return random.nextInt(3) > 0 ? one(known) : one(TEXTS);
    }

    private static JsonNode deep() {
        JsonNode node = NODES.arrayNode();
        for (int i = 0; i < 900; i++) {
            node = NODES.arrayNode().add(node);
        }
        return node;
    }

    private static String encoded(String text) {
        String all = URLEncoder.encode(text.isEmpty() ? "-" : text, StandardCharsets.UTF_8);
        // What is too long for a request line never reaches a route.
        return all.length() > 700 ? all.substring(0, 699).replaceAll("%.?$", "") : all;
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
