package dev.auspex.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads fields of a query or of a JSON body by name; {@code null} for absent ones. Throws {@link BadRequestException}. */
record Fields(Function<String, @Nullable JsonNode> source) {

    /** Of a request's query. */
    static Fields ofQuery(RoutingContext ctx) {
        UnaryOperator<String> parameter = name -> ctx.queryParams().get(name);
        return new Fields(name -> {
            String value = parameter.apply(name);
            return value == null ? null : Json.tree(value);
        });
    }

    /** Of a request's body: a JSON object with no other fields than these. An empty body is an empty object. */
    static Fields ofBody(RoutingContext ctx, Set<String> known) {
        Buffer body = ctx.body() == null ? null : ctx.body().buffer();
        JsonNode json;
        try {
            json = body == null || body.length() == 0 ? Json.object() : Json.parse(body.getBytes());
        } catch (IOException e) {
            throw new BadRequestException("body", "valid JSON");
        }
        if (!json.isObject()) {
            throw new BadRequestException("body", "a JSON object");
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new BadRequestException(name, "only " + String.join(", ", known.stream().sorted().toList()));
            }
        });
        return new Fields(json::get);
    }

    boolean has(String name) {
        return source.apply(name) != null;
    }

    @Nullable JsonNode node(String name) {
        JsonNode node = source.apply(name);
        return node == null || node.isNull() ? null : node;
    }

    @Nullable String text(String name, int longest) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        if (!node.isTextual() || node.textValue().length() > longest) {
            throw new BadRequestException(name, "a string of at most " + longest + " characters");
        }
        return node.textValue();
    }

    /** The text through a reader that throws IllegalArgumentException. */
    <T> @Nullable T parsed(String name, Function<String, T> reader, String expected) {
        String text = text(name, 200);
        if (text == null) {
            return null;
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new BadRequestException(name, expected);
        }
    }

    Instant time(String name, Instant absent) {
        Instant time = parsed(name, Instant::parse, "a time such as 2026-01-02T03:04:05Z");
        return time == null ? absent : time;
    }

    boolean flag(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return false;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return switch (node.asText()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadRequestException(name, "true or false");
        };
    }

    int number(String name, int absent, int min, int max) {
        JsonNode node = node(name);
        if (node == null) {
            return absent;
        }
        String text = node.asText();
        if (text.matches("\\d{1,9}")) {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw new BadRequestException(name, min + " to " + max);
    }
}
