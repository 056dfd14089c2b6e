package dev.auspex.protocol.catalog;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * One immutable version of a model. Treat the schema as immutable.
 *
 * @param id derived from what the version is, see {@link #idOf}
 * @param createdAt when it was first registered
 * @param runner how to run it
 * @param openapiSchema Cog's form
 */
public record ModelVersion(VersionId id, Instant createdAt, Runner runner, ObjectNode openapiSchema) {

    /** The JSON Schema of the input. */
    @JsonIgnore
    public JsonNode inputSchema() {
        return openapiSchema.at("/components/schemas/Input");
    }

    /** The JSON Schema of the output. */
    @JsonIgnore
    public JsonNode outputSchema() {
        return openapiSchema.at("/components/schemas/Output");
    }

    /** Whether the model yields its output bit by bit, so that a stream can be offered. */
    @JsonIgnore
    public boolean isIterator() {
        return "iterator".equals(outputSchema().path("x-cog-array-type").asText());
    }

    /**
     * Below which part of {@code /v1} its streams are. Only below {@code files} does the official JavaScript client take the
     * addresses in a stream for files.
     */
    @JsonIgnore
    public String streamFolder() {
        return "uri".equals(outputSchema().at("/items/format").asText()) ? "files/" : "streams/";
    }

    /** Same model, runner and schema: same id, on every machine and after every restart. */
    public static VersionId idOf(ModelRegistration registration) {
        return idOf(registration.name(), registration.runner(), registration.openapiSchema());
    }

    /** Same model, runner and schema: same id, on every machine and after every restart. */
    public static VersionId idOf(ModelName name, Runner runner, ObjectNode openapiSchema) {
        ObjectNode identity = Json.object();
        identity.put("name", name.toString());
        identity.set("runner", Json.tree(runner));
        identity.set("schema", openapiSchema);
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] hash = sha256.digest(Json.canonical(identity).getBytes(StandardCharsets.UTF_8));
            return new VersionId(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
