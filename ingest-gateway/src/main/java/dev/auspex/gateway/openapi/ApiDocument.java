package dev.auspex.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The whole API as an OpenAPI 3.1 document, put together from the YAML files beside this class, one for each subject.
 * Safe for any thread.
 */
public final class ApiDocument {

    private static final List<String> PARTS = List.of(
            "base", "predictions", "models", "deployments", "files", "webhooks", "replays", "accounts");
    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .locale(Locale.ENGLISH)
            .formatAssertionsEnabled(false)
            // 2.0 is an integer: Python and Go clients send it so.
            .losslessNarrowing(true)
            .build();
    private static final Dialect DIALECT = Dialect.builder(Dialects.getOpenApi31())
            .unknownKeywordFactory((name, context) -> new AnnotationKeyword(name))
            .build();
    /** OpenAPI 3.1 has no place for the method QUERY. */
    private static final Map<String, String> METHODS = Map.of(
            "get", "GET", "head", "HEAD", "post", "POST", "put", "PUT", "patch", "PATCH", "delete", "DELETE",
            "x-query", "QUERY");

    private final ObjectNode root;
    private final Schema schema;
    private final List<Operation> operations;

    private ApiDocument(ObjectNode root) {
        this.root = root;
        SchemaRegistry registry =
                SchemaRegistry.withDefaultDialect(DIALECT, builder -> builder.schemaRegistryConfig(CONFIG));
        this.schema = registry.getSchema(root);
        List<Operation> found = new ArrayList<>();
        root.path("paths").properties().forEach(path -> path.getValue().properties().forEach(entry -> {
            String method = METHODS.get(entry.getKey());
            if (method != null) {
                String pointer = "/paths/" + escaped(path.getKey()) + "/" + entry.getKey();
                found.add(new Operation(this, method, path.getKey(), pointer));
            }
        }));
        this.operations = List.copyOf(found);
    }

    /** Reads the document. Blocks. */
    public static ApiDocument load() {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        ObjectNode root = Json.object();
        for (String part : PARTS) {
            try (InputStream in = ApiDocument.class.getResourceAsStream(part + ".yaml")) {
                merge(root, yaml.readTree(Objects.requireNonNull(in, part)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        root.path("paths").forEach(ApiDocument::handDown);
        return new ApiDocument(root);
    }

    // What holds for all operations of an address is written once; Swagger UI shows it only where each has it.
    private static void handDown(JsonNode address) {
        JsonNode shared = ((ObjectNode) address).remove("parameters");
        if (shared != null) {
            address.forEach(operation -> {
                ArrayNode all = Json.mapper().createArrayNode().addAll((ArrayNode) shared);
                operation.path("parameters").forEach(all::add);
                ((ObjectNode) operation).set("parameters", all);
            });
        }
    }

    private static void merge(ObjectNode into, JsonNode part) {
        part.properties().forEach(entry -> {
            JsonNode there = into.get(entry.getKey());
            if (there instanceof ObjectNode object) {
                merge(object, entry.getValue());
            } else if (there == null) {
                into.set(entry.getKey(), entry.getValue());
            } else {
                throw new IllegalStateException(entry.getKey() + " is in two parts of the document");
            }
        });
    }

    /** The document as clients get it. */
    public byte[] bytes() {
        return Json.bytes(root);
    }

    /** Every operation, in the order of the document. */
    public List<Operation> operations() {
        return operations;
    }

    /** The operation that a request is for. @param path without a query */
    public Optional<Operation> find(String method, String path) {
        // Routes answer with and without a last slash.
        String address = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        String[] segments = address.split("/", -1);
        Operation best = null;
        for (Operation operation : operations) {
            // Of two that fit, the one whose address says more: /v1/webhooks/endpoints is no /v1/{a}/{b}.
            if (operation.fits(method, segments) && (best == null || operation.variables() < best.variables())) {
                best = operation;
            }
        }
        return Optional.ofNullable(best);
    }

    /** What is at a place, after following references. @param pointer a JSON pointer */
    public JsonNode at(String pointer) {
        return resolve(root.at(pointer));
    }

    /** A node, or what it refers to. */
    public JsonNode resolve(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isTextual() ? at(reference.textValue().substring(1)) : node;
    }

    /** Where a node is, after following references. @param pointer a JSON pointer */
    public String place(String pointer) {
        JsonNode reference = root.at(pointer).path("$ref");
        return reference.isTextual() ? place(reference.textValue().substring(1)) : pointer;
    }

    /** The compiled schema at a place. @param pointer a JSON pointer to a schema */
    public Schema schema(String pointer) {
        synchronized (schema) {
            Schema compiled = schema.getRefSchema(SchemaLocation.of("#" + pointer).getFragment());
            compiled.initializeValidators();
            return compiled;
        }
    }

    /** A key as a part of a JSON pointer. */
    static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
