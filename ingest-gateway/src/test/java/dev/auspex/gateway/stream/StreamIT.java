package dev.auspex.gateway.stream;

import static dev.auspex.gateway.stream.Samples.ACME;
import static dev.auspex.gateway.stream.Samples.FIRST;
import static dev.auspex.gateway.stream.Samples.SECOND;
import static dev.auspex.gateway.stream.Samples.answer;
import static dev.auspex.gateway.stream.Samples.array;
import static dev.auspex.gateway.stream.Samples.failed;
import static dev.auspex.gateway.stream.Samples.output;
import static dev.auspex.gateway.stream.Samples.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.gateway.GatewayFixture;
import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.files.LocalFileStore;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.security.StreamToken;
import dev.auspex.testing.KafkaExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamIT {

    /** Where streams are kept alive, and looked after, much more often than in production. */
    private static final String HASTY = "/hasty";

    private final Map<PredictionId, PredictionLookup.LookedUp> router = new ConcurrentHashMap<>();
    private volatile ApiException routerProblem;
    private Topics topics;
    private ServiceContext context;
    private EventHub hub;
    private StreamRoutes routes;
    private StreamRoutes hasty;
    private GatewayFixture server;
    private KafkaProducer<String, byte[]> producer;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics, @TempDir Path folder) throws Exception {
        this.topics = topics;
        Vertx vertx = Vertx.vertx();
        context = GatewayFixture.context(
                vertx, Clock.systemUTC(), new LocalFileStore(folder, Clock.systemUTC()),
                Map.of("data", folder.toString()), kafka, topics);
        hub = new EventHub(context);
        hub.start();
        routes = new StreamRoutes(context, hub, this::find);
        hasty = new StreamRoutes(context, hub, this::find, Duration.ofMillis(200));
        server = new GatewayFixture(vertx, http -> {
            routes.mount(http, "/v1");
            hasty.mount(http, HASTY);
        });
        producer = kafka.producer("test", Map.of());
        hub.ready().get(30, TimeUnit.SECONDS);
    }

    private Future<Optional<PredictionLookup.LookedUp>> find(AccountId account, PredictionId id) {
        return routerProblem != null
                ? Future.failedFuture(routerProblem)
                : Future.succeededFuture(Optional.ofNullable(account.equals(ACME) ? router.get(id) : null));
    }

    @AfterEach
    void noneShouldBeLeft() {
        Awaitility.await().untilAsserted(() -> {
            assertThat(routes.size() + hasty.size()).isZero();
            assertThat(hub.size()).isZero();
        });
    }

    @AfterAll
    void stop() throws Exception {
        producer.close();
        routes.close();
        hub.stop(Duration.ofSeconds(5));
        server.close();
    }

    @Test
    void shouldSendExactlyTheseBytesWhenAPredictionRunsWhileTheStreamIsOpen() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.STARTING, null);
        try (StreamClient client = open(id)) {
            assertThat(client.header("content-type")).isEqualTo("text/event-stream");
            assertThat(client.header("cache-control")).isEqualTo("no-store");
            client.awaitText(": hi\n\n");

            write(id, FIRST, new AttemptEvent.Started());
            write(id, FIRST, output(0, "one", " two\nlines"));
            write(id, FIRST, new AttemptEvent.LogsAppended(0, "never on a stream"));
            write(id, FIRST, output(2, "☃"));
            write(id, FIRST, succeeded("one", " two\nlines", "☃"));
            client.awaitEnd();

            long t = id.createdAt().getEpochSecond();
            assertThat(client.textWithoutKeepAlives()).isEqualTo(": hi\n\n"
                    + "event: output\nid: " + t + ":0\ndata: one\n\n"
                    + "event: output\nid: " + t + ":1\ndata:  two\ndata: lines\n\n"
                    + "event: output\nid: " + t + ":2\ndata: ☃\n\n"
                    + "event: done\nid: " + t + ":3\ndata: {}\n\n");
        }
    }

    @Test
    void shouldSendEverythingWhenTheSubscriberIsLate() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.SUCCEEDED, FIRST, "a", "b");

        try (StreamClient client = open(id)) {
            assertThat(client.awaitEnd().events()).containsExactly("0 output a", "1 output b", "2 done {}");
        }
    }

    @Test
    void shouldGoOnAfterTheLastEventWhenResumed() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.SUCCEEDED, FIRST, "a", "b", "c");

        try (StreamClient client = open(id, "1767323045:0");
                StreamClient strange = open(id, "nonsense");
                StreamClient late = open(id, "1767323045:3")) {
            assertThat(client.awaitEnd().events()).containsExactly("1 output b", "2 output c", "3 done {}");
            assertThat(strange.awaitEnd().events()).hasSize(4);
            assertThat(late.awaitEnd().events()).containsExactly("4 done {}");
        }
    }

    @Test
    void shouldSendEachChunkOnceWhenOutputBeganBeforeTheStreamWasOpened() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.PROCESSING, FIRST, "a", "b");
        try (StreamClient client = open(id)) {
            client.awaitText("data: b\n");
            write(id, FIRST, output(1, "b"));
            write(id, FIRST, output(2, "c"));
            write(id, FIRST, succeeded("a", "b", "c"));

            assertThat(client.awaitEnd().events())
                    .containsExactly("0 output a", "1 output b", "2 output c", "3 done {}");
        }
    }

    @Test
    void shouldSendTheEndWhenTheHubReadItBeforeTheStreamAndTheRouterAfter() throws Exception {
        PredictionId id = newId();
        PredictionId marker = newId();
        looksUp(id, PredictionStatus.STARTING, null);
        looksUp(marker, PredictionStatus.STARTING, null);
        try (StreamClient other = open(marker)) {
            other.awaitText(": hi");
            write(id, FIRST, output(0, "a"));
            write(id, FIRST, succeeded("a"));
            // Both partitions have been read when an event that was written later has arrived.
            write(marker, FIRST, succeeded("m"));
            other.awaitEnd();
            try (StreamClient client = open(id)) {
                assertThat(client.awaitEnd().events()).containsExactly("0 output a", "1 done {}");
            }
        }
    }

    @Test
    void shouldSendErrorThenDoneWhenThePredictionFails() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.PROCESSING, FIRST, "a");
        try (StreamClient client = open(id)) {
            client.awaitText("data: a\n");
            router.put(id, answer(PredictionStatus.FAILED, FIRST, array("a"), "it broke"));
            write(id, FIRST, failed("it broke", false, "a"));

            assertThat(client.awaitEnd().events()).containsExactly(
                    "0 output a", "1 error {\"detail\":\"it broke\"}", "2 done {\"reason\":\"error\"}");
        }
    }

    @Test
    void shouldWaitForTheNextAttemptWhenAFailureIsRetried() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.PROCESSING, FIRST, "a");
        try (StreamClient client = open(id)) {
            client.awaitText("data: a\n");
            looksUp(id, PredictionStatus.STARTING, FIRST);
            write(id, FIRST, failed("worker lost", true, "a"));
            write(id, SECOND, new AttemptEvent.Started());
            write(id, SECOND, output(0, "A", "B"));
            client.awaitText("data: B\n");
            write(id, SECOND, succeeded("A", "B"));

            assertThat(client.awaitEnd().events()).containsExactly("0 output a", "1 output B", "2 done {}");
        }
    }

    @Test
    void shouldSayErrorWhenTheRouterGivesUpAfterARetryableFailure() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.PROCESSING, FIRST);
        try (StreamClient client = open(id)) {
            client.awaitText(": hi");
            router.put(id, answer(PredictionStatus.FAILED, FIRST, null, "worker lost twice"));
            write(id, FIRST, failed("worker lost", true));

            assertThat(client.awaitEnd().events()).containsExactly(
                    "0 error {\"detail\":\"worker lost twice\"}", "1 done {\"reason\":\"error\"}");
        }
    }

    @Test
    void shouldSayCanceledWhenAQueuedPredictionIsCanceledWithoutAnyEvent() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.STARTING, null);
        try (StreamClient client = open(id)) {
            client.awaitText(": hi");
            router.put(id, answer(PredictionStatus.CANCELED, null, null, null));
            Command cancel = new Command.CancelPrediction(id, ACME, Instant.now());
            producer.send(new ProducerRecord<>(topics.commands(), cancel.key(), Serdes.COMMAND.serialize(cancel))).get();

            assertThat(client.awaitEnd().events()).containsExactly("0 done {\"reason\":\"canceled\"}");
        }
    }

    @Test
    void shouldNoticeTheEndWhenNoRecordTellsOfIt() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.STARTING, null);
        try (StreamClient client = new StreamClient(server.port(), hasty(id), null)) {
            client.awaitText(": hi");
            router.put(id, answer(PredictionStatus.ABORTED, null, null, null));

            assertThat(client.awaitEnd().events()).containsExactly("0 done {\"reason\":\"canceled\"}");
        }
    }

    @Test
    void shouldServeTheSameStreamWhenAskedForWhereJavaScriptLooksForFiles() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.SUCCEEDED, FIRST, "a");

        try (StreamClient client =
                new StreamClient(server.port(), "/v1/files/" + StreamToken.of(context.secret(), ACME, id), null)) {
            assertThat(client.awaitEnd().events()).containsExactly("0 output a", "1 done {}");
        }
    }

    @Test
    void shouldKeepTheConnectionAliveWhenNothingHappens() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.STARTING, null);
        try (StreamClient client = new StreamClient(server.port(), hasty(id), null)) {
            client.awaitText(": hi\n\n:\n:\n");
        }
    }

    @Test
    void shouldFreeTheSubscriberWhenTheClientLeaves() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.STARTING, null);
        try (StreamClient client = open(id)) {
            client.awaitText(": hi");
            assertThat(routes.size()).isEqualTo(1);
            assertThat(context.metrics().scrape()).contains("auspex_streams_open 1.0");
        }

        Awaitility.await().untilAsserted(() -> assertThat(hub.size()).isZero());
        assertThat(context.metrics().scrape()).contains("auspex_streams_open 0.0");
    }

    @Test
    void shouldDeliverAllWhenTheClientReadsMoreSlowlyThanTheModelWrites() throws Exception {
        PredictionId id = newId();
        String[] chunks = new String[40];
        java.util.Arrays.setAll(chunks, i -> i + "x".repeat(100_000));
        looksUp(id, PredictionStatus.PROCESSING, FIRST, chunks);
        try (StreamClient client = StreamClient.unread(server.port(), path(id))) {
            Awaitility.await().untilAsserted(() -> assertThat(hub.size()).isEqualTo(1));
            looksUp(id, PredictionStatus.SUCCEEDED, FIRST, chunks);
            write(id, FIRST, succeeded(chunks));

            client.read();

            assertThat(client.awaitEnd().events()).hasSize(41).last().isEqualTo("40 done {}");
        }
    }

    @Test
    void shouldHangUpWhenTheClientNeverReads() throws Exception {
        PredictionId id = newId();
        String[] chunks = new String[120];
        java.util.Arrays.fill(chunks, "x".repeat(100_000));
        looksUp(id, PredictionStatus.SUCCEEDED, FIRST, chunks);
        try (StreamClient client = StreamClient.unread(server.port(), hasty(id))) {
            Awaitility.await().untilAsserted(() -> assertThat(hasty.size()).isEqualTo(1));
            Awaitility.await().untilAsserted(() -> assertThat(hasty.size()).isZero());
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void shouldBreakOffWithoutDoneWhenTheGatewayStops() throws Exception {
        PredictionId id = newId();
        looksUp(id, PredictionStatus.STARTING, null);
        try (StreamClient client = open(id)) {
            client.awaitText(": hi");
            routes.close();

            client.awaitBroken();
            assertThat(client.events()).isEmpty();
        }
    }

    @Test
    void shouldRefuseWhenTheTokenOrThePredictionIsUnknown() throws Exception {
        assertThat(status("/v1/streams/nonsense")).isEqualTo(404);
        assertThat(status("/v1/streams/a.b.c")).isEqualTo(404);
        assertThat(status(path(newId()))).isEqualTo(404);
    }

    @Test
    void shouldSayUnavailableWhenTheRouterCannotAnswer() throws Exception {
        PredictionId id = newId();
        routerProblem = new ApiException(ApiError.UNAVAILABLE, "restoring");
        try {
            assertThat(status(path(id))).isEqualTo(503);
        } finally {
            routerProblem = null;
        }
    }

    private int status(String path) throws Exception {
        try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(java.net.URI.create(server.url() + path)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private StreamClient open(PredictionId id) throws Exception {
        return open(id, null);
    }

    private StreamClient open(PredictionId id, String lastEventId) throws Exception {
        return new StreamClient(server.port(), path(id), lastEventId);
    }

    private String path(PredictionId id) {
        return "/v1/streams/" + StreamToken.of(context.secret(), ACME, id);
    }

    private String hasty(PredictionId id) {
        return path(id).replace("/v1", HASTY);
    }

    private static PredictionId newId() {
        return PredictionId.create(Instant.now(), new SecureRandom());
    }

    private void looksUp(PredictionId id, PredictionStatus status, AttemptId attempt, String... chunks) {
        JsonNode output = chunks.length == 0 ? null : array(chunks);
        router.put(id, answer(status, attempt, output, null));
    }

    private void write(PredictionId id, AttemptId attempt, AttemptEvent.Body body) throws Exception {
        byte[] value = Serdes.EVENT.serialize(Samples.event(id, attempt, body));
        producer.send(new ProducerRecord<>(topics.events(), id.value(), value)).get();
    }
}
