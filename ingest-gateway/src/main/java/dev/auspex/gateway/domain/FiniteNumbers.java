package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Finds numbers too large for a double. Read as infinite, they could not be passed on as JSON, and the schema checks cannot
 * compare them. Stateless.
 */
public final class FiniteNumbers {

    private FiniteNumbers() {}

    /** Reports every such number below a node, each under its path of names and indexes. */
    public static void check(JsonNode node, String path, FieldProblems problems) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                if (mayBeInfinite(field.getValue())) {
                    check(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), problems);
                }
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                if (mayBeInfinite(node.get(i))) {
                    check(node.get(i), path.isEmpty() ? Integer.toString(i) : path + "." + i, problems);
                }
            }
        } else if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            problems.add(path, FieldProblems.FORMAT, "the number is outside the range of a 64-bit float");
        }
    }

    // Spares the path of everything else.
    private static boolean mayBeInfinite(JsonNode node) {
        return node.isContainerNode() || node.isFloatingPointNumber();
    }
}
