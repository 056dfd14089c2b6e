package dev.auspex.router.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot's body, or a dead letter, says of the submission behind it. Output, logs and metrics are passed over
 * unread: they are most of the bytes.
 *
 * @param model the model
 * @param version the version that ran
 * @param input as the client gave it, numbers as JSON readers see them
 * @param error the message of a failure; {@code null} otherwise
 * @param source {@code api} or {@code web}
 * @param dataRemoved whether the input is gone
 * @param patience from the creation to the deadline; {@code null} without one
 * @param deployment through which it was submitted; {@code null} for none
 */
record Original(
        ModelName model,
        VersionId version,
        ObjectNode input,
        @Nullable String error,
        String source,
        boolean dataRemoved,
        @Nullable Duration patience,
        @Nullable DeploymentName deployment) {

    private static final JsonFactory FACTORY = Json.mapper().getFactory();
    /** Of a value in the middle of a document. */
    private static final ObjectReader INPUT =
            Json.readerFor(ObjectNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Reads the API's JSON object.
     *
     * @throws IOException if it is not one
     */
    static Original read(byte[] body) throws IOException {
        try (JsonParser json = FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("a snapshot is a JSON object");
            }
            Fields fields = new Fields();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                fields.take(name, json);
            }
            return fields.toOriginal();
        } catch (RuntimeException e) {
            // names, ids and times of another form
            throw new IOException("not a prediction", e);
        }
    }

    /** What a dead letter says. @param dataRemoved whether its input is not to be known any more */
    static Original of(DeadJob dead, boolean dataRemoved) {
        Job job = dead.job();
        return new Original(
                job.model(),
                job.version(),
                dataRemoved ? Json.object() : job.input(),
                dead.cause(),
                job.source(),
                dataRemoved,
                job.deadline() == null ? null : Duration.between(job.createdAt(), job.deadline()),
                job.deployment());
    }

    private static final class Fields {
        private @Nullable String model;
        private @Nullable String version;
        private @Nullable ObjectNode input;
        private @Nullable String error;
        private String source = "api";
        private boolean dataRemoved;
        private @Nullable String createdAt;
        private @Nullable String deadline;
        private @Nullable DeploymentName deployment;

        void take(String name, JsonParser json) throws IOException {
            switch (name) {
                case "model" -> model = json.getText();
                case "version" -> version = json.getText();
                case "input" -> input = json.currentToken() == JsonToken.START_OBJECT ? INPUT.readValue(json) : skip(json);
                case "error" -> error = json.currentToken() == JsonToken.VALUE_NULL ? null : json.getText();
                case "source" -> source = json.getText();
                case "data_removed" -> dataRemoved = json.getBooleanValue();
                case "created_at" -> createdAt = json.getText();
                case "deadline" -> deadline = json.getText();
                case "deployment" -> deployment = DeploymentName.of(json.getText());
                default -> json.skipChildren();
            }
        }

        private static @Nullable ObjectNode skip(JsonParser json) throws IOException {
            json.skipChildren();
            return null;
        }

        // Most have no deadline, and reading times takes longer than reading the rest.
        private @Nullable Duration patience() {
            return deadline == null || createdAt == null
                    ? null
                    : Duration.between(Instant.parse(createdAt), Instant.parse(deadline));
        }

        Original toOriginal() throws IOException {
            if (model == null || version == null) {
                throw new IOException("a prediction without a model or a version");
            }
            return new Original(
                    ModelName.of(model),
                    new VersionId(version),
                    input == null ? Json.object() : input,
                    error,
                    source,
                    dataRemoved || input == null,
                    patience(),
                    deployment);
        }
    }
}
