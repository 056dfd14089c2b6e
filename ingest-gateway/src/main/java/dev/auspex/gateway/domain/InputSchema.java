package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The compiled schema of a version's input. Compiling takes milliseconds, checking an input of a few fields one to five
 * microseconds. Immutable; safe for any thread.
 */
public final class InputSchema {

    private static final SchemaLocation INPUT = SchemaLocation.of("#/components/schemas/Input");
    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .locale(Locale.ENGLISH)
            // "uri" marks a file in Cog's schemas and is checked below; other formats are hints.
            .formatAssertionsEnabled(false)
            // 2.0 is an integer: Python and Go clients send it so.
            .losslessNarrowing(true)
            .build();

    private static final Dialect DIALECT = Dialect.builder(Dialects.getOpenApi30())
            // Cog's own keywords (x-order and the like) say nothing about validity.
            .unknownKeywordFactory((name, context) -> new AnnotationKeyword(name))
            .build();

    private final @Nullable Schema schema;
    private final List<String> files;
    private final List<String> fileLists;

    private InputSchema(@Nullable Schema schema, List<String> files, List<String> fileLists) {
        this.schema = schema;
        this.files = files;
        this.fileLists = fileLists;
    }

    /**
     * Compiles {@code components.schemas.Input} of a version's OpenAPI 3.0 document. A document without it accepts every
     * input: Cog servers that do not publish a schema check for themselves. Nothing is loaded from anywhere.
     *
     * @throws IllegalArgumentException if it is not a usable schema
     */
    public static InputSchema compile(ObjectNode openapi) {
        JsonNode input = openapi.at("/components/schemas/Input");
        if (!input.isObject()) {
            return new InputSchema(null, List.of(), List.of());
        }
        try {
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                    DIALECT, builder -> builder.schemaRegistryConfig(CONFIG));
            Schema schema = registry.getSchema(openapi).getRefSchema(INPUT.getFragment());
            schema.initializeValidators();
            // References are resolved at the first use: better now than in a client's request.
            schema.validate(openapi.objectNode());
            return new InputSchema(schema, files(input, ""), files(input, "/items"));
        } catch (SchemaException e) {
            throw new IllegalArgumentException("the input schema cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<String> files(JsonNode input, String below) {
        List<String> names = new ArrayList<>();
        input.path("properties").properties().forEach(property -> {
            JsonNode type = property.getValue().at(below);
            if ("string".equals(type.path("type").asText()) && "uri".equals(type.path("format").asText())) {
                names.add(property.getKey());
            }
        });
        return List.copyOf(names);
    }

    /** Reports everything that is wrong with an input. */
    public void check(ObjectNode input, FieldProblems problems) {
        if (schema == null) {
            return;
        }
        for (Error error : schema.validate(input)) {
            SchemaProblems.report(error, "input", problems);
        }
        for (String name : files) {
            checkFile(input.get(name), "input." + name, problems);
        }
        for (String name : fileLists) {
            JsonNode list = input.path(name);
            for (int i = 0; i < list.size(); i++) {
                checkFile(list.get(i), "input." + name + "." + i, problems);
            }
        }
    }

    private static void checkFile(@Nullable JsonNode file, String path, FieldProblems problems) {
        if (file == null || !file.isTextual()) {
            return;
        }
        String url = file.textValue();
        if (!startsWith(url, "https://") && !startsWith(url, "http://") && !startsWith(url, "data:")) {
            problems.add(path, FieldProblems.FORMAT, "expected a file as an http, https or data URL");
        }
    }

    private static boolean startsWith(String text, String prefix) {
        return text.regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
