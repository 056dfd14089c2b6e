package dev.auspex.router.kafka;

import static dev.auspex.router.Samples.CREATED;
import static dev.auspex.router.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Reason;
import dev.auspex.router.domain.RetryPolicy;
import dev.auspex.router.kafka.PredictionFold.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class PredictionFoldTest {

    private static final PredictionId ID = Samples.id(1);
    private static final RetryPolicy RETRIES = new RetryPolicy(Duration.ofSeconds(1));

    private static Parsed job(int inputBytes) {
        Job plain = Samples.job(ID, Samples.EVERYTHING);
        Job job = new Job(
                plain.id(), plain.account(), plain.model(), plain.version(), plain.runner(), plain.hardware(),
                Json.object().put("text", "x".repeat(inputBytes)), plain.webhook(), plain.createdAt(), null,
                plain.source(), plain.baseUrl(), plain.urls(), 0, null, plain.limits(), null, null);
        return RecordReader.job(ID.value(), Serdes.JOB.serialize(job));
    }

    private static Parsed parsed(AttemptEvent event) {
        return RecordReader.event(ID.value(), Serdes.EVENT.serialize(event));
    }

    private static StateRecord after(StateRecord before, Parsed record) {
        return ((Outcome.Changed) PredictionFold.fold(before, record, RETRIES)).after();
    }

    @Test
    void shouldKeepTheJobsBytesWhenTheStateMovesOn() {
        StateRecord accepted = after(StateRecord.NONE, job(10));
        StateRecord started = after(accepted, parsed(event(ID, 1, 2, new AttemptEvent.Started())));

        assertThat(started.job()).isSameAs(accepted.job());
    }

    @Test
    void shouldDoNothingWhenProgressIsReported() {
        StateRecord started = after(
                after(StateRecord.NONE, job(10)), parsed(event(ID, 1, 2, new AttemptEvent.Started())));

        assertThat(PredictionFold.fold(started, parsed(event(ID, 1, 2, new AttemptEvent.Progressed(0.5))), RETRIES))
                .isInstanceOf(Outcome.Unchanged.class);
    }

    @Test
    void shouldFailThePredictionWhenItsOutputDoesNotFitARecord() throws Exception {
        StateRecord accepted = after(StateRecord.NONE, job(8 << 20));
        Parsed end = parsed(event(ID, 1, 3, Samples.succeeded(CREATED, "y".repeat(9 << 20))));

        Outcome.Changed changed = (Outcome.Changed) PredictionFold.fold(accepted, end, RETRIES);

        assertThat(changed.stored().length).isLessThan(Topics.MAX_RECORD_BYTES);
        JsonNode body = Json.parse(changed.snapshots().getLast().json());
        assertThat(body.path("status").asText()).isEqualTo("failed");
        assertThat(body.path("error").asText()).contains("16 MiB");
    }

    @Test
    void shouldLeaveProgressOutWhenItDoesNotFitARecord() {
        StateRecord started = after(
                after(StateRecord.NONE, job(8 << 20)), parsed(event(ID, 1, 2, new AttemptEvent.Started())));

        assertThat(PredictionFold.fold(started, parsed(event(ID, 1, 2, Samples.output(0, "y".repeat(9 << 20)))), RETRIES))
                .isEqualTo(new Outcome.Dropped(Reason.OVERSIZE));
    }

    @Test
    void shouldRefuseARecordWhenItIsNotWhole() {
        byte[] withoutMetrics = ("{\"prediction\":\"%s\",\"account\":\"acme\",\"attempt\":\"%s\",\"executor\":\"w\","
                        + "\"time\":\"2026-03-01T10:00:00Z\",\"body\":{\"type\":\"succeeded\",\"logs\":\"\"}}")
                .formatted(ID, Samples.attempt(1))
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> RecordReader.event(ID.value(), withoutMetrics))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> RecordReader.job(ID.value(), null)).isInstanceOf(SerializationException.class);
        assertThatThrownBy(() -> RecordReader.job(ID.value(), "null".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(SerializationException.class);
        assertThatThrownBy(() -> RecordReader.job("another", job(1).job()))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("key");
    }
}
