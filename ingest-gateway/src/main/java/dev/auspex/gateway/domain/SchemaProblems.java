package dev.auspex.gateway.domain;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import java.util.Map;

/** What a JSON Schema refuses, as clients are told. */
public final class SchemaProblems {

    /** Keywords by gojsonschema's names; the others keep their own. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("type", FieldProblems.INVALID_TYPE),
            Map.entry("enum", FieldProblems.ENUM),
            Map.entry("minimum", "number_gte"),
            Map.entry("maximum", "number_lte"),
            Map.entry("exclusiveMinimum", "number_gt"),
            Map.entry("exclusiveMaximum", "number_lt"),
            Map.entry("multipleOf", "multiple_of"),
            Map.entry("minLength", "string_gte"),
            Map.entry("maxLength", "string_lte"),
            Map.entry("minItems", "array_min_items"),
            Map.entry("maxItems", "array_max_items"),
            Map.entry("uniqueItems", "unique"),
            Map.entry("anyOf", "number_any_of"),
            Map.entry("oneOf", "number_one_of"),
            Map.entry("not", "number_not"));

    private SchemaProblems() {}

    /** Adds a finding. @param base the dotted path of what was checked; empty for the whole body */
    public static void report(Error error, String base, FieldProblems problems) {
        String field = path(base, error.getInstanceLocation());
        String property = error.getProperty();
        switch (error.getKeyword()) {
            case "required" -> problems.add(
                    joined(field, property), FieldProblems.REQUIRED, property + " is required");
            case "additionalProperties" -> problems.add(
                    joined(field, property),
                    FieldProblems.ADDITIONAL_PROPERTY,
                    "additional property " + property + " is not allowed");
            default -> problems.add(
                    field, TYPES.getOrDefault(error.getKeyword(), error.getKeyword()), error.getMessage());
        }
    }

    private static String path(String base, NodePath location) {
        String path = base;
        for (int i = 0; i < location.getNameCount(); i++) {
            path = joined(path, String.valueOf(location.getElement(i)));
        }
        return path;
    }

    private static String joined(String path, String element) {
        return path.isEmpty() ? element : path + "." + element;
    }
}
