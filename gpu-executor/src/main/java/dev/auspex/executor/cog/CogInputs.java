package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.auspex.model.ModelException;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes a job's input one for a Cog server: files are brought here, under the installation's rules for addresses, and
 * offered to the server by this executor. A model never calls an address that a client chose.
 */
final class CogInputs {

    private final CogSchema schema;
    private final CogFiles files;
    private final CogListener.Post post;

    CogInputs(CogSchema schema, CogFiles files, CogListener.Post post) {
        this.schema = schema;
        this.files = files;
        this.post = post;
    }

    /** @throws ModelException naming the field whose file cannot be had */
    ObjectNode localize(ObjectNode input) throws ModelException {
        ObjectNode local = Json.object();
        for (var field : input.properties()) {
            boolean file = schema.isFile(field.getKey());
            local.set(field.getKey(), file ? localize(field.getKey(), field.getValue()) : field.getValue());
        }
        return local;
    }

    private JsonNode localize(String where, JsonNode value) throws ModelException {
        if (value.isArray()) {
            ArrayNode list = Json.mapper().createArrayNode();
            for (int i = 0; i < value.size(); i++) {
                list.add(localize(where + "-" + i, value.get(i)));
            }
            return list;
        }
        // What is in a data URL is there already.
        String url = value.isTextual() ? value.textValue() : "";
        if (!url.regionMatches(true, 0, "http:", 0, 5) && !url.regionMatches(true, 0, "https:", 0, 6)) {
            return value;
        }
        try {
            // The name of a field may hold what a path must not.
            Path file = files.fetch(CogNames.file(where), url);
            return TextNode.valueOf(post.offer(file, CogNames.ofUrl(url)));
        } catch (IOException e) {
            throw new ModelException("input." + where + ": " + e.getMessage(), e);
        }
    }
}
