package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;

/**
 * What a Cog server's OpenAPI document says that running needs. Immutable if its document is left alone.
 *
 * @param document Cog's own; empty if it was not to be had
 */
record CogSchema(ObjectNode document) {

    private static final String REFERENCES = "#/components/schemas/";

    /** Whether the output is a list that grows. */
    boolean isIterator() {
        return "iterator".equals(output().path("x-cog-array-type").asText());
    }

    /** Whether there may be files in the output; also where nothing is known of it. */
    boolean givesFiles() {
        JsonNode output = output();
        return output.isMissingNode() || hasFile(output, new HashSet<>());
    }

    private JsonNode output() {
        return schema("Output");
    }

    private JsonNode schema(String name) {
        return document.path("components").path("schemas").path(name);
    }

    /** Whether an input field is a file, or a list of files. */
    boolean isFile(String field) {
        JsonNode property = schema("Input").path("properties").path(field);
        return !property.isMissingNode() && hasFile(property, new HashSet<>());
    }

    private boolean hasFile(JsonNode schema, Set<String> seen) {
        if ("uri".equals(schema.path("format").asText())) {
            return true;
        }
        String reference = schema.path("$ref").asText();
        if (reference.startsWith(REFERENCES)) {
            String name = reference.substring(REFERENCES.length());
            return seen.add(name) && hasFile(schema(name), seen);
        }
        for (JsonNode part : schema) {
            if (part.isContainerNode() && hasFile(part, seen)) {
                return true;
            }
        }
        return false;
    }
}
