package dev.auspex.executor.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.Model;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.ModelInfo.OutputForm;
import dev.auspex.protocol.json.Json;
import java.util.List;
import java.util.Locale;

/**
 * The OpenAPI document of a model in the form Cog gives it (OpenAPI 3.0.2): what clients read to know a version's inputs
 * and output, and what the gateway validates against. The same model always gives the same document: version ids are
 * derived from it.
 */
final class SchemaOf {

    private SchemaOf() {}

    static ObjectNode model(Model<?> model) {
        ModelInfo info = model.info();
        ObjectNode document = Json.object();
        document.put("openapi", "3.0.2");
        document.putObject("info").put("title", info.name()).put("version", "0.1.0");
        document.set("paths", paths());
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        List<InputField> fields = InputField.of(model.inputType());
        schemas.set("Input", input(fields));
        fields.stream()
                .filter(field -> field.kind() == InputField.Kind.ENUM)
                .forEach(field -> schemas.set(field.name(), enumeration(field)));
        schemas.set("Output", output(info.output()));
        schemas.set("Status", status());
        schemas.set("PredictionRequest", envelope("PredictionRequest", "input", "Input"));
        schemas.set("PredictionResponse", envelope("PredictionResponse", "output", "Output"));
        return document;
    }

    private static ObjectNode input(List<InputField> fields) {
        ObjectNode schema = Json.object().put("type", "object").put("title", "Input");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = Json.mapper().createArrayNode();
        int order = 0;
        for (InputField field : fields) {
            properties.set(field.name(), property(field, order++));
            if (field.required()) {
                required.add(field.name());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema.put("additionalProperties", false);
    }

    private static ObjectNode property(InputField field, int order) {
        ObjectNode property = Json.object();
        switch (field.kind()) {
            case STRING -> property.put("type", "string");
            case INTEGER -> property.put("type", "integer");
            case NUMBER -> property.put("type", "number");
            case BOOLEAN -> property.put("type", "boolean");
            case FILE -> property.put("type", "string").put("format", "uri");
            case ENUM -> property.putArray("allOf").addObject().put("$ref", "#/components/schemas/" + field.name());
        }
        if (field.kind() != InputField.Kind.ENUM) {
            property.put("title", title(field.name()));
        }
        property.put("description", field.description()).put("x-order", order);
        if (field.min() != Double.NEGATIVE_INFINITY) {
            property.set("minimum", number(field, field.min()));
        }
        if (field.max() != Double.POSITIVE_INFINITY) {
            property.set("maximum", number(field, field.max()));
        }
        if (field.defaultText() != null) {
            property.set("default", InputBinder.defaultJson(field));
        } else if (field.optional()) {
            property.put("nullable", true);
        }
        return property;
    }

    private static JsonNode number(InputField field, double bound) {
        return field.kind() == InputField.Kind.INTEGER || bound == Math.rint(bound)
                ? Json.mapper().getNodeFactory().numberNode((long) bound)
                : Json.mapper().getNodeFactory().numberNode(bound);
    }

    private static ObjectNode enumeration(InputField field) {
        ObjectNode schema = Json.object()
                .put("title", field.name())
                .put("description", "An enumeration.")
                .put("type", "string");
        ArrayNode values = schema.putArray("enum");
        InputField.constants(field.type()).forEach(values::add);
        return schema;
    }

    private static ObjectNode output(OutputForm form) {
        ObjectNode schema = Json.object().put("title", "Output");
        switch (form) {
            case TEXT -> schema.put("type", "string");
            case FILE -> schema.put("type", "string").put("format", "uri");
            case TEXT_STREAM -> {
                schema.put("type", "array").putObject("items").put("type", "string");
                schema.put("x-cog-array-type", "iterator").put("x-cog-array-display", "concatenate");
            }
            case JSON -> {
                // any value
            }
        }
        return schema;
    }

    private static ObjectNode status() {
        ObjectNode schema = Json.object()
                .put("title", "Status")
                .put("description", "An enumeration.")
                .put("type", "string");
        schema.putArray("enum").add("starting").add("processing").add("succeeded").add("canceled").add("failed");
        return schema;
    }

    private static ObjectNode envelope(String title, String property, String schema) {
        ObjectNode envelope = Json.object().put("title", title).put("type", "object");
        envelope.putObject("properties").putObject(property).put("$ref", "#/components/schemas/" + schema);
        return envelope;
    }

    private static ObjectNode paths() {
        ObjectNode paths = Json.object();
        ObjectNode post = paths.putObject("/predictions").putObject("post");
        post.put("summary", "Predict").put("operationId", "predict_predictions_post");
        post.putObject("requestBody")
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/PredictionRequest");
        post.putObject("responses")
                .putObject("200")
                .put("description", "Successful Response")
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/PredictionResponse");
        return paths;
    }

    private static String title(String name) {
        StringBuilder title = new StringBuilder();
        for (String word : name.split("_")) {
            title.append(title.isEmpty() ? "" : " ")
                    .append(word.substring(0, 1).toUpperCase(Locale.ROOT))
                    .append(word.substring(1));
        }
        return title.toString();
    }
}
