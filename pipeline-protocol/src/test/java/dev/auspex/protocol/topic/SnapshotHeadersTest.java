package dev.auspex.protocol.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.ReplayOf;
import dev.auspex.protocol.Samples;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotHeadersTest {

    private static final SnapshotHeaders FULL = new SnapshotHeaders(
            Samples.ACCOUNT,
            7,
            WebhookEvent.OUTPUT,
            PredictionStatus.PROCESSING,
            Samples.ATTEMPT,
            new Webhook("https://hooks.example.test/ü?x=1", List.of(WebhookEvent.LOGS, WebhookEvent.COMPLETED)),
            new HardwareClass("gpu-h100"),
            new ReplayOf(Samples.OTHER, Samples.REPLAY));

    @Test
    void shouldReadBackWhenEverythingIsThere() {
        assertThat(roundTrip(FULL)).isEqualTo(FULL);
    }

    @ParameterizedTest
    @EnumSource(PredictionStatus.class)
    void shouldReadBackWhenThereIsLittle(PredictionStatus status) {
        SnapshotHeaders minimal = new SnapshotHeaders(Samples.ACCOUNT, 0, null, status, null, null);

        assertThat(roundTrip(minimal)).isEqualTo(minimal);
    }

    @Test
    void shouldKeepTheDefaultFilterWhenNoneWasGiven() {
        SnapshotHeaders headers = new SnapshotHeaders(
                Samples.ACCOUNT, 1, null, PredictionStatus.STARTING, null, new Webhook("http://x", null));

        assertThat(roundTrip(headers).webhook().filter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"account", "sequence", "status"})
    void shouldRefuseWhenARequiredHeaderIsMissing(String name) {
        RecordHeaders headers = new RecordHeaders();
        FULL.writeTo(headers);
        headers.remove(name);

        assertThatThrownBy(() -> SnapshotHeaders.readFrom(headers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @Test
    void shouldKnowItsOwnerWhenOnlyTheHeadersAreRead() {
        RecordHeaders headers = new RecordHeaders();
        FULL.writeTo(headers);

        assertThat(SnapshotHeaders.belongsTo(Samples.ACCOUNT, headers)).isTrue();
        assertThat(SnapshotHeaders.belongsTo(new AccountId("acme2"), headers)).isFalse();
        assertThat(SnapshotHeaders.belongsTo(Samples.ACCOUNT, new RecordHeaders())).isFalse();
    }

    private static SnapshotHeaders roundTrip(SnapshotHeaders headers) {
        RecordHeaders record = new RecordHeaders();
        headers.writeTo(record);
        return SnapshotHeaders.readFrom(record);
    }
}
