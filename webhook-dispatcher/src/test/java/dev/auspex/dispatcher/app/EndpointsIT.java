package dev.auspex.dispatcher.app;

import static dev.auspex.protocol.WebhookEvent.COMPLETED;
import static dev.auspex.protocol.WebhookEvent.START;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.dispatcher.testing.DispatcherUnderTest;
import dev.auspex.dispatcher.testing.InternalApi;
import dev.auspex.dispatcher.testing.Receiver;
import dev.auspex.dispatcher.testing.Receiver.Received;
import dev.auspex.dispatcher.testing.Snapshots;
import dev.auspex.dispatcher.testing.Snapshots.Story;
import dev.auspex.dispatcher.testing.TestKeys;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.security.MasterSecret;
import dev.auspex.testing.KafkaExtension;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Endpoints of an account, beside the webhooks of its predictions. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointsIT {

    private static final String ALL = "/webhooks/endpoints";

    private final Vertx vertx = Vertx.vertx();
    private Snapshots snapshots;
    private DispatcherUnderTest dispatcher;
    private InternalApi api;
    private Receiver receiver;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        snapshots = new Snapshots(kafka, topics);
        dispatcher = new DispatcherUnderTest(kafka, topics, vertx, data, List.of("127.0.0.1/32"), Map.of());
        api = new InternalApi(dispatcher);
    }

    @BeforeEach
    void open() {
        receiver = new Receiver(vertx);
    }

    @AfterEach
    void shut() {
        api.get(ALL).get("results").forEach(endpoint -> api.send("acme", "DELETE", ALL + "/" + endpoint.get("id").asText(), ""));
        receiver.close();
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
        dispatcher.close();
        snapshots.close();
        vertx.close().await();
    }

    @Test
    void shouldTellAnEndpointWhatItAskedForBesideThePredictionsOwnWebhook() throws Exception {
        JsonNode endpoint = register("/all", ",\"events\":[\"start\",\"completed\"],\"headers\":{\"X-Key\":\"a secret value\"}");
        assertThat(endpoint.get("headers").get("x-key").asText()).isEqualTo("(hidden)");
        receiver.script((request, response) -> response.end("got " + request.headers().get("x-key")));
        Story story = snapshots.story(receiver.url("/own"), COMPLETED);
        story.write(START);
        String body = story.write(COMPLETED);
        eventually(() -> {
            assertThat(receiver.received("/all")).extracting(Received::event).containsExactly("start", "completed");
            assertThat(receiver.received("/own")).extracting(Received::event).containsExactly("completed");
        });
        Received there = receiver.received("/all").get(1);
        assertThat(there.text()).isEqualTo(body);
        assertThat(there.headers()).containsEntry("x-key", "a secret value");
        assertThat(there.id()).as("another receiver, another message").isNotEqualTo(receiver.received("/own").getFirst().id());
        JsonNode secret = api.get(path(endpoint) + "/secret");
        assertThat(there.headers().get("webhook-signature")).isEqualTo(signature(secret.get("key").asText(), there));
        eventually(() -> assertThat(log("endpoint=" + endpoint.get("id").asText()))
                .extracting(entry -> entry.get("response").asText())
                .containsExactly("got (hidden)", "got (hidden)"));
    }

    @Test
    void shouldTellAnEndpointOfPredictionsThatHaveNoWebhookAtAll() {
        register("/account", "");
        snapshots.story(null).write(COMPLETED);
        eventually(() -> assertThat(receiver.received("/account")).hasSize(1));
    }

    @Test
    void shouldSignWithBothSecretsWhenOneIsRotated() throws Exception {
        JsonNode endpoint = register("/rotated", ",\"asymmetric\":true");
        String old = api.get(path(endpoint) + "/secret").get("key").asText();
        JsonNode rotated = api.post(path(endpoint) + "/secret/rotate", "{\"overlap\":3600}", 200);
        assertThat(rotated.get("previous_key").asText()).isEqualTo(old);
        assertThat(rotated.get("key").asText()).isNotEqualTo(old);
        assertThat(rotated.get("public_key").asText()).startsWith("whpk_");
        snapshots.story(null).write(COMPLETED);
        eventually(() -> assertThat(receiver.received("/rotated")).hasSize(1));
        Received one = receiver.received("/rotated").getFirst();
        assertThat(one.headers().get("webhook-signature").split(" ")).hasSize(3).contains(
                signature(old, one), signature(rotated.get("key").asText(), one));
    }

    @Test
    void shouldKeepMessagesWhileAnEndpointIsPausedAndDropThemWhileItIsDisabled() {
        JsonNode endpoint = register("/paused", "");
        api.patch(path(endpoint), "{\"state\":\"paused\"}", 200);
        Story kept = snapshots.story(null);
        kept.write(COMPLETED);
        eventually(() -> assertThat(log("prediction=" + kept.id())).extracting(entry -> entry.get("outcome").asText())
                .containsExactly("postponed"));
        assertThat(log("prediction=" + kept.id()).getFirst().has("next_attempt_at")).isTrue();
        api.patch(path(endpoint), "{\"state\":\"disabled\"}", 200);
        Story dropped = snapshots.story(receiver.url("/own"));
        dropped.write(COMPLETED);
        eventually(() -> assertThat(receiver.received("/own")).as("it has been read").hasSize(1));
        api.patch(path(endpoint), "{\"state\":\"active\"}", 200);
        Story after = snapshots.story(null);
        after.write(COMPLETED);
        eventually(() -> assertThat(receiver.received("/paused")).extracting(Received::text)
                .satisfiesExactly(text -> assertThat(text).contains(after.id().value())));
    }

    @Test
    void shouldDisableAnEndpointThatAnswers410() {
        JsonNode endpoint = register("/gone", "");
        receiver.script(Receiver.status(410));
        snapshots.story(null).write(COMPLETED);
        eventually(() -> {
            JsonNode now = api.get(path(endpoint));
            assertThat(now.get("state").asText()).isEqualTo("disabled");
            assertThat(now.get("reason").asText()).contains("410");
        });
        receiver.script(Receiver.status(200));
        JsonNode enabled = api.patch(path(endpoint), "{\"state\":\"active\"}", 200);
        assertThat(enabled.get("reason").isNull()).isTrue();
        snapshots.story(null).write(COMPLETED);
        eventually(() -> assertThat(receiver.received("/gone")).hasSize(2));
    }

    @Test
    void shouldKeepTheRateOfAnEndpoint() {
        register("/slow", ",\"rate\":4");
        List<Long> arrivals = new ArrayList<>();
        receiver.script((request, response) -> {
            synchronized (arrivals) {
                arrivals.add(System.nanoTime());
            }
            response.end();
        });
        for (int i = 0; i < 12; i++) {
            snapshots.story(null).write(COMPLETED);
        }
        eventually(() -> assertThat(receiver.received("/slow")).hasSize(12));
        for (int i = 0; i + 9 < arrivals.size(); i++) {
            // Four at once and four in each second: ten take more than one second.
            assertThat(arrivals.get(i + 9) - arrivals.get(i)).isGreaterThan(1_000_000_000L);
        }
    }

    @Test
    void shouldSendATestMessageAndSayWhatCameOfIt() {
        JsonNode endpoint = register("/tried", "");
        receiver.script(Receiver.status(418));
        JsonNode result = api.post(path(endpoint) + "/test", "", 200);
        assertThat(result.get("outcome").asText()).isEqualTo("rejected");
        assertThat(result.get("status").asInt()).isEqualTo(418);
        assertThat(result.has("next_attempt_at")).as("a test is not repeated").isFalse();
        assertThat(receiver.received("/tried").getFirst().text()).contains("\"test\":true");
    }

    @Test
    void shouldRefuseWhatCannotBeAnEndpoint() {
        String url = "{\"url\":\"" + receiver.url("/x") + "\"";
        for (String body : List.of(
                "{}",
                "{\"url\":\"ftp://example.com/\"}",
                "{\"url\":\"http://10.0.0.1/\"}",
                "{\"url\":\"http://0x7f.1/\"}",
                "{\"url\":\"http://user:pw@example.com/\"}",
                url + ",\"events\":[\"finished\"]}",
                url + ",\"events\":[]}",
                url + ",\"headers\":{\"webhook-id\":\"x\"}}",
                url + ",\"headers\":{\"Host\":\"x\"}}",
                url + ",\"headers\":{\"x y\":\"z\"}}",
                url + ",\"headers\":{\"x-a\":\"b\\r\\nx-c: d\"}}",
                url + ",\"rate\":0}",
                url + ",\"secret\":\"whsec_x\"}")) {
            assertThat(api.send("acme", "POST", ALL, body).statusCode()).as(body).isEqualTo(422);
        }
        assertThat(api.get(ALL).get("results")).isEmpty();
    }

    @Test
    void shouldTakeAClientCertificateAndNeverShowItsKey() throws Exception {
        String certificate = ",\"client_certificate\":" + certificate(TestKeys.key("other")) + "}";
        String created = api.send("acme", "POST", ALL, "{\"url\":\"https://hooks.example.test/\"" + certificate).body();
        JsonNode endpoint = Json.parse(created.getBytes(StandardCharsets.UTF_8));
        assertThat(endpoint.at("/client_certificate/subject").asText()).isEqualTo("CN=other.example.test");
        assertThat(endpoint.at("/client_certificate/expires_at").asText()).startsWith("2126-");
        String shown = api.patch(path(endpoint), "{\"rate\":5}", 200).toString();
        assertThat(shown).contains("CN=other.example.test").doesNotContain("key").doesNotContain("v1.");
        assertThat(created).doesNotContain("key");
        for (String body : List.of(
                "{\"url\":\"" + receiver.url("/x") + "\"}",
                "{\"client_certificate\":" + certificate(TestKeys.key("hooks")) + "}",
                "{\"client_certificate\":{\"certificate\":\"x\"}}",
                "{\"client_certificate\":\"x\"}")) {
            assertThat(api.send("acme", "PATCH", path(endpoint), body).statusCode()).as(body).isEqualTo(422);
        }
        assertThat(api.patch(path(endpoint), "{\"client_certificate\":null}", 200).get("client_certificate").isNull())
                .isTrue();
    }

    @Test
    void shouldWriteNoSecretToAnyLogWhateverGoesWrong() {
        JsonNode endpoint = register("/all?token=query-secret", ",\"headers\":{\"x-key\":\"header-secret\"}");
        receiver.script((request, response) -> response.setStatusCode(request.attempt() == 1 ? 500 : 410)
                .end(request.headers() + request.text()));
        String key = api.get(path(endpoint) + "/secret").get("key").asText();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("dev.auspex");
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        Level before = ours.getLevel();
        ours.setLevel(Level.TRACE);
        seen.start();
        root.addAppender(seen);
        try {
            Story story = snapshots.story("https://user:user-secret@example.test/?token=query-secret");
            String body = story.write(COMPLETED);
            snapshots.story(receiver.url("/own?token=query-secret")).write(COMPLETED);
            eventually(() -> assertThat(api.get(path(endpoint)).get("state").asText()).isEqualTo("disabled"));
            eventually(() -> assertThat(log("prediction=" + story.id())).hasSizeGreaterThanOrEqualTo(2));
            List<String> lines = List.copyOf(seen.list).stream()
                    .map(event -> event.getFormattedMessage() + " " + event.getKeyValuePairs()).toList();
            assertThat(lines).as("attempts are logged").anyMatch(line -> line.contains("delivery attempted"));
            assertThat(lines).noneMatch(line -> line.contains("-secret") || line.contains(key) || line.contains(body)
                    || line.contains("v1,"));
        } finally {
            root.detachAppender(seen);
            ours.setLevel(before);
        }
    }

    @Test
    void shouldStoreNoSecretThatCanBeRead(KafkaClients kafka, Topics topics) throws Exception {
        String key = TestKeys.key("other").replaceAll("-----[A-Z ]+-----|\\s", "");
        api.post(ALL, "{\"url\":\"https://hooks.example.test/\",\"headers\":{\"x-key\":\"a stored header\"},"
                + "\"client_certificate\":" + certificate(TestKeys.key("other")) + "}", 201);
        List<String> records = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = kafka.consumer("test-endpoints", Map.of())) {
            List<TopicPartition> all = consumer.partitionsFor(topics.webhookEndpoints()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            eventually(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (record.value() != null) {
                        records.add(new String(record.value(), StandardCharsets.UTF_8));
                    }
                });
                assertThat(records).anyMatch(record -> record.contains("BEGIN CERTIFICATE"));
            });
        }
        // Any 40 characters of the key: where its lines end may differ.
        for (int i = 0; i + 40 <= key.length(); i++) {
            String part = key.substring(i, i + 40);
            assertThat(records).noneMatch(record -> record.contains(part));
        }
        assertThat(records).noneMatch(record -> record.contains("a stored header"));
    }

    private static String certificate(String key) throws Exception {
        return Json.object().put("certificate", TestKeys.certificate("other")).put("key", key).toString();
    }

    @Test
    void shouldKeepAnEndpointFromEveryOtherAccount() {
        JsonNode endpoint = register("/mine", "");
        for (String method : List.of("GET", "PATCH", "DELETE")) {
            assertThat(api.send("other", method, path(endpoint), "{\"state\":\"paused\"}").statusCode()).isEqualTo(404);
        }
        assertThat(api.send("other", "GET", path(endpoint) + "/secret", "").statusCode()).isEqualTo(404);
        assertThat(api.get(path(endpoint)).get("state").asText()).isEqualTo("active");
        assertThat(api.send("acme", "DELETE", path(endpoint), "").statusCode()).isEqualTo(204);
        assertThat(api.send("acme", "GET", path(endpoint), "").statusCode()).isEqualTo(404);
    }

    private JsonNode register(String path, String more) {
        return api.post(ALL, "{\"url\":\"" + receiver.url(path) + "\"" + more + "}", 201);
    }

    private static String path(JsonNode endpoint) {
        return ALL + "/" + endpoint.get("id").asText();
    }

    private List<JsonNode> log(String query) {
        List<JsonNode> entries = new ArrayList<>();
        api.get("/webhooks/deliveries?" + query).get("results").forEach(entries::add);
        return entries;
    }

    private static String signature(String secret, Received one) throws Exception {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write((one.id() + "." + one.headers().get("webhook-timestamp") + ".").getBytes(StandardCharsets.UTF_8));
        content.write(one.body());
        return "v1," + Base64.getEncoder().encodeToString(MasterSecret.hmac(key, content.toByteArray()));
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
    }
}
