package dev.auspex.router.kafka;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.JsonSerde;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.domain.PredictionInput;
import java.util.Objects;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Reads records and refuses, before anything is decided, those that are not whole: a state must never hold half an event.
 * Every method throws SerializationException for such a record. Safe for any thread.
 */
final class RecordReader {

    private RecordReader() {}

    static Parsed job(String key, byte @Nullable [] value) {
        Job job = read(Serdes.JOB, value);
        require(job.id(), job.account(), job.model(), job.version(), job.runner(), job.hardware(), job.input(),
                job.createdAt(), job.source(), job.baseUrl(), job.urls());
        requireKey(key, job.id().value());
        return new Parsed(job.account(), job.id(), new PredictionInput.JobAccepted(job), value);
    }

    static Parsed event(String key, byte @Nullable [] value) {
        AttemptEvent event = read(Serdes.EVENT, value);
        require(event.prediction(), event.account(), event.attempt(), event.executor(), event.time(), event.body());
        switch (event.body()) {
            case AttemptEvent.OutputAppended body -> require(body.chunks());
            case AttemptEvent.LogsAppended body -> require(body.text());
            case AttemptEvent.Failed body -> require(body.error(), body.logs(), body.metrics());
            case AttemptEvent.Terminal body -> require(body.logs(), body.metrics());
            case AttemptEvent.Started body -> require(body);
            case AttemptEvent.Progressed body -> require(body);
            case AttemptEvent.Renewed body -> require(body);
            case AttemptEvent.Redelivered body -> require(body);
            case AttemptEvent.Returned body -> require(body);
        }
        requireKey(key, event.prediction().value());
        return new Parsed(event.account(), event.prediction(), new PredictionInput.AttemptReported(event), null);
    }

    static Command command(String key, byte @Nullable [] value) {
        Command command = read(Serdes.COMMAND, value);
        switch (command) {
            case Command.CancelPrediction cancel ->
                    require(cancel.prediction(), cancel.account(), cancel.requestedAt());
            case Command.RegisterModel register -> require(register.registration());
            case Command.ClaimKey claim -> require(
                    claim.claim(), claim.account(), claim.prediction(), claim.content(), claim.claimedAt(),
                    claim.expiresAt());
            case Command.ReleaseDeployment release -> require(
                    release.deployment(), release.change(), release.changeId(), release.requestedAt());
            case Command.DeleteDeployment delete -> require(delete.deployment(), delete.requestedAt());
            case Command.ChangeModel change -> require(
                    change.model(), change.account(), change.change(), change.changeId(), change.requestedAt());
            case Command.DeleteVersion delete -> require(
                    delete.model(), delete.version(), delete.account(), delete.changeId(), delete.requestedAt());
            case Command.DeleteModel delete -> require(delete.model(), delete.account(), delete.requestedAt());
        }
        requireKey(key, command.key());
        return command;
    }

    static Parsed cancel(Command.CancelPrediction cancel) {
        return new Parsed(
                cancel.account(), cancel.prediction(), new PredictionInput.CancelRequested(cancel.requestedAt()), null);
    }

    private static <T> T read(JsonSerde<T> serde, byte @Nullable [] value) {
        if (value == null) {
            throw new SerializationException("a record without a value");
        }
        T record = serde.deserialize(value);
        require(record);
        return record;
    }

    private static void require(@Nullable Object... fields) {
        for (Object field : fields) {
            if (field == null) {
                throw new SerializationException("a required field is missing");
            }
        }
    }

    // The key chose the partition: under another key the state would be where nobody looks for it.
    private static void requireKey(@Nullable String key, String expected) {
        if (!Objects.equals(key, expected)) {
            throw new SerializationException("the key is not the one of the record's content");
        }
    }
}
