package dev.auspex.protocol.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.json.JsonSerde;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveryContractTest {

    private static final PredictionId PREDICTION = new PredictionId("01hzy3v9q8w7e6r5t4y3a2s1d0");
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Delivery DELIVERY = Delivery.of(
            PREDICTION, new AccountId("acme"), WebhookEvent.COMPLETED, 7, "https://hooks.example.test/in?job=1", TIME);

    @Test
    void shouldKeepItsFormWhenAnOrderIsWritten() throws IOException {
        DeliveryOrder order = new DeliveryOrder(DELIVERY, 3, 1, TIME.plusSeconds(60));
        RecordHeaders headers = new RecordHeaders();
        DeliveryHeaders.write(order, headers);
        assertThat(new String(headers.lastHeader("order").value(), StandardCharsets.UTF_8)).isEqualTo(golden("order"));
        assertThat(DeliveryHeaders.readOrder(headers)).isEqualTo(order);
    }

    @Test
    void shouldKeepItsFormWhenAFullResultIsWritten() throws IOException {
        DeliveryResult result = new DeliveryResult(
                DELIVERY, 2, Outcome.REJECTED, 503, "answered 503", TIME, 41, 0, TIME.plusSeconds(30), null);
        assertRoundTrip(result, "result-full");
        assertThat(result.settled()).isFalse();
    }

    @Test
    void shouldKeepItsFormWhenAMinimalResultIsWritten() throws IOException {
        DeliveryResult result =
                new DeliveryResult(DELIVERY, 1, Outcome.DELIVERED, 200, null, TIME, 3, 0, null, null);
        assertRoundTrip(result, "result-delivered");
        assertThat(result.settled()).isTrue();
    }

    @Test
    void shouldKeepItsFormWhenAnEndpointIsWritten() throws IOException {
        assertRoundTrip(endpoint(null), "endpoint-full");
        assertRoundTrip(
                endpoint(new ClientCertificate("-----BEGIN CERTIFICATE-----\n…\n", "v1.c2VhbGVk")), "endpoint-certificate");
        assertThat(endpoint(null).key()).isEqualTo("acme/ep_abcdefghijklmnopqrst");
    }

    private static WebhookEndpoint endpoint(@Nullable ClientCertificate certificate) {
        return new WebhookEndpoint(
                new EndpointId("ep_abcdefghijklmnopqrst"),
                new AccountId("acme"),
                new WebhookEndpoint.Target("https://hooks.example.test/all", "größe",
                        List.of(WebhookEvent.START, WebhookEvent.COMPLETED), Map.of("x-key", "value"), 50, certificate),
                WebhookEndpoint.State.DISABLED,
                "it answered 410",
                new WebhookEndpoint.Signing(2, TIME.plusSeconds(60), true),
                TIME,
                TIME.plusSeconds(1));
    }

    private static void assertRoundTrip(WebhookEndpoint endpoint, String name) throws IOException {
        JsonSerde<WebhookEndpoint> json = new JsonSerde<>(WebhookEndpoint.class);
        assertThat(new String(json.serialize(endpoint), StandardCharsets.UTF_8)).isEqualTo(golden(name));
        assertThat(json.deserialize(json.serialize(endpoint))).isEqualTo(endpoint);
    }

    @Test
    void shouldNameAnotherMessageWhenItGoesToARegisteredEndpoint() throws IOException {
        EndpointId endpoint = new EndpointId("ep_abcdefghijklmnopqrst");
        Delivery there = new Delivery(
                MessageId.of(PREDICTION, WebhookEvent.COMPLETED, 7, endpoint), PREDICTION, DELIVERY.account(),
                DELIVERY.event(), 7, DELIVERY.url(), TIME, endpoint);
        assertThat(there.id()).isNotEqualTo(DELIVERY.id());
        assertRoundTrip(new DeliveryResult(there, 1, Outcome.DELIVERED, 204, null, TIME, 3, 0, null, null), "result-endpoint");
    }

    @Test
    void shouldKeepItsFormWhenATracedResultIsWritten() throws IOException {
        DeliveryTrace trace = new DeliveryTrace("203.0.113.7", 2L, 11L, 9L, 20L, "{\"error\":\"größe\"}");
        assertRoundTrip(
                new DeliveryResult(DELIVERY, 1, Outcome.REJECTED, 500, "answered 500", TIME, 41, 0, null, trace),
                "result-traced");
    }

    @Test
    void shouldIgnoreFieldsWhenANewerWriterAddedThem() {
        RecordHeaders headers = new RecordHeaders();
        DeliveryHeaders.write(new DeliveryOrder(DELIVERY, 1, 0, TIME), headers);
        String json = new String(headers.lastHeader("order").value(), StandardCharsets.UTF_8);
        headers.add("order", json.replaceFirst("\\{", "{\"later\":1,").getBytes(StandardCharsets.UTF_8));
        assertThat(DeliveryHeaders.readOrder(headers).delivery()).isEqualTo(DELIVERY);
    }

    @Test
    void shouldRefuseARecordWhenItHasNoReadableHeader() {
        RecordHeaders headers = new RecordHeaders();
        assertThatThrownBy(() -> DeliveryHeaders.readOrder(headers)).isInstanceOf(SerializationException.class);
        headers.add("result", "{".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> DeliveryHeaders.readResult(headers)).isInstanceOf(SerializationException.class);
    }

    @Test
    void shouldNeverChangeWhenAMessageIdIsComputedAgain() {
        assertThat(MessageId.of(PREDICTION, WebhookEvent.COMPLETED, 7)).isEqualTo(DELIVERY.id());
        assertThat(DELIVERY.id().value()).isEqualTo("msg_lw4v32ctwckviv6qii7rir6e7b");
    }

    @Test
    void shouldDifferWhenAnyCoordinateOfAMessageDiffers() {
        assertThat(java.util.Set.of(
                        MessageId.of(PREDICTION, WebhookEvent.COMPLETED, 7),
                        MessageId.of(PREDICTION, WebhookEvent.OUTPUT, 7),
                        MessageId.of(PREDICTION, WebhookEvent.COMPLETED, 8),
                        MessageId.of(new PredictionId("01hzy3v9q8w7e6r5t4y3a2s1d1"), WebhookEvent.COMPLETED, 7)))
                .hasSize(4)
                .allSatisfy(id -> assertThat(id.value()).matches("msg_[a-z2-7]{26}"));
    }

    private static void assertRoundTrip(DeliveryResult result, String name) throws IOException {
        RecordHeaders headers = new RecordHeaders();
        DeliveryHeaders.write(result, headers);
        assertThat(new String(headers.lastHeader("result").value(), StandardCharsets.UTF_8)).isEqualTo(golden(name));
        assertThat(DeliveryHeaders.readResult(headers)).isEqualTo(result);
    }

    private static String golden(String name) throws IOException {
        String path = "/golden/delivery/" + name + ".json";
        try (InputStream file = DeliveryContractTest.class.getResourceAsStream(path)) {
            return new String(Objects.requireNonNull(file, path).readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
