package dev.auspex.dispatcher.app;

import static dev.auspex.protocol.WebhookEvent.COMPLETED;
import static dev.auspex.protocol.WebhookEvent.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.dispatcher.testing.DispatcherUnderTest;
import dev.auspex.dispatcher.testing.InternalApi;
import dev.auspex.dispatcher.testing.Receiver;
import dev.auspex.dispatcher.testing.Receiver.Received;
import dev.auspex.dispatcher.testing.Snapshots;
import dev.auspex.dispatcher.testing.Snapshots.Story;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

/** What gateways ask: who was told what, and to tell it again. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryLogIT {

    private final Vertx vertx = Vertx.vertx();
    /** The bodies of predictions that are over, as the router has them. */
    private final Map<String, String> ended = new ConcurrentHashMap<>();
    private HttpServer router;
    private Snapshots snapshots;
    private DispatcherUnderTest dispatcher;
    private InternalApi api;
    private Receiver receiver;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        router = vertx.createHttpServer().requestHandler(request -> {
            String body = ended.get(request.path().substring(request.path().lastIndexOf('/') + 1));
            if (body == null) {
                request.response().setStatusCode(404).end();
            } else {
                request.response().putHeader("auspex-status", "succeeded").end(body);
            }
        }).listen(0, "127.0.0.1").await();
        snapshots = new Snapshots(kafka, topics);
        dispatcher = new DispatcherUnderTest(kafka, topics, vertx, data, List.of("127.0.0.1/32"), Map.of(
                // Nobody answers at the first: the next one is asked.
                Keys.ROUTER_URL.name(), "http://127.0.0.1:1,http://127.0.0.1:" + router.actualPort()));
        api = new InternalApi(dispatcher);
    }

    @BeforeEach
    void open() {
        receiver = new Receiver(vertx);
    }

    @AfterEach
    void shut() {
        receiver.close();
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
        dispatcher.close();
        snapshots.close();
        router.close().await();
        vertx.close().await();
    }

    @Test
    void shouldTellEveryAttemptOfAPredictionInOrderWhenItIsAskedFor() {
        receiver.script((request, response) -> response
                .setStatusCode(request.event().equals("completed") && request.attempt() == 1 ? 500 : 200)
                .end("<b>" + request.headers().get("webhook-signature") + "</b>"));
        Story story = snapshots.story(receiver.url("/told?job=1"), START, COMPLETED);
        story.write(START);
        story.write(COMPLETED);
        eventually(() -> assertThat(attempts(story)).extracting(entry -> entry.get("event").asText() + " "
                        + entry.get("attempt") + " " + entry.get("outcome").asText())
                .containsExactly("start 1 delivered", "completed 1 rejected", "completed 2 delivered"));
        JsonNode rejected = attempts(story).get(1);
        assertThat(rejected.get("status").asInt()).isEqualTo(500);
        assertThat(rejected.get("url").asText()).isEqualTo(receiver.url("/told?job=1"));
        assertThat(rejected.get("address").asText()).isEqualTo("127.0.0.1");
        assertThat(rejected.get("response").asText()).isEqualTo("<b>(hidden)</b>");
        assertThat(Instant.parse(rejected.get("next_attempt_at").asText())).isAfter(
                Instant.parse(rejected.get("started_at").asText()));
        assertThat(rejected.get("id")).isEqualTo(attempts(story).get(2).get("id"));
    }

    @Test
    void shouldPageNewestFirstAndOnlyWhatTheFilterAsksForWhenAnAccountLooksBack() {
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            Story story = snapshots.story(receiver.url("/paged?n=" + i));
            story.write(COMPLETED);
            eventually(() -> assertThat(attempts(story)).hasSize(1));
            written.addFirst(story.id().value());
        }
        String filter = "?limit=3&url=" + URLEncoder.encode(receiver.url("/paged*"), StandardCharsets.UTF_8);
        List<String> seen = new ArrayList<>();
        String next = "/webhooks/deliveries" + filter;
        int pages = 0;
        while (next != null) {
            JsonNode page = api.get(next);
            page.get("results").forEach(entry -> seen.add(entry.get("prediction").asText()));
            JsonNode link = page.get("next");
            next = link.isNull() ? null : link.asText().substring(InternalApi.BASE.length());
            pages++;
        }
        assertThat(seen).isEqualTo(written);
        assertThat(pages).isGreaterThanOrEqualTo(3);
        assertThat(api.get("/webhooks/deliveries?outcome=rejected&url=" + URLEncoder.encode(
                receiver.url("/paged*"), StandardCharsets.UTF_8)).get("results")).isEmpty();
    }

    @Test
    void shouldListWhatWasGivenUpUntilItIsSentAgain() {
        receiver.script(Receiver.status(500));
        List<Story> stories = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Story story = snapshots.story(receiver.url("/dead/" + i));
            ended.put(story.id().value(), story.write(COMPLETED));
            stories.add(story);
        }
        eventually(() -> assertThat(dead("/dead")).containsExactlyInAnyOrderElementsOf(
                stories.stream().map(story -> story.id().value()).toList()));
        receiver.script(Receiver.status(200));
        int before = receiver.received().size();
        String filter = "\"url\":\"" + receiver.url("/dead*") + "\"";

        JsonNode dry = api.post("/webhooks/deliveries/redeliver", "{" + filter + ",\"dry_run\":true}", 200);
        assertThat(dry.get("matched").asInt()).isEqualTo(3);
        assertThat(dry.get("requested").asInt()).isZero();

        JsonNode asked = api.post("/webhooks/deliveries/redeliver", "{" + filter + ",\"rate\":5}", 202);
        assertThat(asked.get("requested").asInt()).isEqualTo(3);
        eventually(() -> assertThat(receiver.received()).hasSize(before + 3));
        List<Received> again = receiver.received().subList(before, before + 3);
        assertThat(again).extracting(Received::text).containsExactlyInAnyOrderElementsOf(
                stories.stream().map(story -> ended.get(story.id().value())).toList());
        assertThat(again).extracting(Received::id).isSubsetOf(
                receiver.received().subList(0, before).stream().map(Received::id).toList());
        eventually(() -> assertThat(dead("/dead")).isEmpty());
    }

    @Test
    void shouldSendOneAgainWhenItWasDeliveredLongAgo() {
        Story story = snapshots.story(receiver.url("/again"));
        ended.put(story.id().value(), story.write(COMPLETED));
        eventually(() -> assertThat(attempts(story)).hasSize(1));
        api.post("/predictions/" + story.id() + "/deliveries/redeliver", "", 202);
        eventually(() -> assertThat(receiver.received()).hasSize(2));
        assertThat(receiver.received().get(1).text()).isEqualTo(receiver.received().get(0).text());
        assertThat(receiver.received().get(1).id()).isEqualTo(receiver.received().get(0).id());
        eventually(() -> assertThat(attempts(story)).extracting(entry -> entry.get("outcome").asText())
                .containsExactly("delivered", "requested", "delivered"));
    }

    @Test
    void shouldSayWhatIsWrongWhenAQuestionCannotBeUnderstood() {
        assertThat(api.send("acme", "GET", "/webhooks/deliveries?outcome=lost", "").statusCode()).isEqualTo(422);
        assertThat(api.send("acme", "GET", "/webhooks/deliveries?cursor=zz", "").statusCode()).isEqualTo(422);
        assertThat(api.send("acme", "POST", "/webhooks/deliveries/redeliver", "{\"rate\":0}").statusCode()).isEqualTo(422);
        assertThat(api.send("acme", "POST", "/webhooks/deliveries/redeliver", "{").statusCode()).isEqualTo(422);
        assertThat(api.send("acme", "POST", "/webhooks/deliveries/redeliver", "{\"dryrun\":true}").body()).contains("dry_run");
        assertThat(api.send("acme", "POST", "/predictions/" + Snapshots.newId() + "/deliveries/redeliver", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void shouldTellNothingWhenAnotherAccountOrNobodyAsks() {
        Story story = snapshots.story(receiver.url("/mine"));
        story.write(COMPLETED);
        eventually(() -> assertThat(attempts(story)).hasSize(1));
        HttpResponse<String> other = api.send("other", "GET", "/predictions/" + story.id() + "/deliveries", "");
        assertThat(InternalApi.json(other, 200).get("results")).isEmpty();
        assertThat(api.statusForNobody("/webhooks/deliveries")).isEqualTo(401);
    }

    private List<JsonNode> attempts(Story story) {
        List<JsonNode> entries = new ArrayList<>();
        api.get("/predictions/" + story.id() + "/deliveries").get("results").forEach(entries::add);
        return entries;
    }

    private List<String> dead(String path) {
        List<String> ids = new ArrayList<>();
        api.get("/webhooks/deliveries?dead=true&url=" + URLEncoder.encode(receiver.url(path + "*"), StandardCharsets.UTF_8))
                .get("results").forEach(entry -> ids.add(entry.get("prediction").asText()));
        return ids;
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
    }
}
