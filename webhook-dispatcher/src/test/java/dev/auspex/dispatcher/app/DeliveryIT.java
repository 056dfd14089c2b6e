package dev.auspex.dispatcher.app;

import static dev.auspex.protocol.WebhookEvent.COMPLETED;
import static dev.auspex.protocol.WebhookEvent.LOGS;
import static dev.auspex.protocol.WebhookEvent.OUTPUT;
import static dev.auspex.protocol.WebhookEvent.PROGRESS;
import static dev.auspex.protocol.WebhookEvent.QUEUED;
import static dev.auspex.protocol.WebhookEvent.RETRYING;
import static dev.auspex.protocol.WebhookEvent.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.testing.DispatcherUnderTest;
import dev.auspex.dispatcher.testing.Receiver;
import dev.auspex.dispatcher.testing.Receiver.Received;
import dev.auspex.dispatcher.testing.Results;
import dev.auspex.dispatcher.testing.Snapshots;
import dev.auspex.dispatcher.testing.Snapshots.Story;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.MessageId;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.security.MasterSecret;
import dev.auspex.testing.KafkaExtension;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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

@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryIT {

    private final Vertx vertx = Vertx.vertx();
    private Snapshots snapshots;
    private Results results;
    private DispatcherUnderTest dispatcher;
    private Receiver forbidden;
    private Receiver receiver;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        forbidden = new Receiver(vertx, new HttpServerOptions().setHost("127.0.0.2"));
        snapshots = new Snapshots(kafka, topics);
        results = new Results(kafka, topics);
        dispatcher = new DispatcherUnderTest(kafka, topics, vertx, data, List.of("127.0.0.1/32"), Map.of());
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
        dispatcher.close();
        results.close();
        snapshots.close();
        forbidden.close();
        vertx.close().await();
    }

    @Test
    void shouldSendInOrderOnlyWhatWasAskedForWhenSnapshotsArrive() throws Exception {
        Story story = snapshots.story(receiver.url("/in?job=7&x=%20y"), START, COMPLETED);
        story.write(null);
        String started = story.write(START);
        story.write(OUTPUT);
        story.write(LOGS);
        String completed = story.write(COMPLETED);
        eventually(() -> assertThat(receiver.received()).extracting(Received::text).containsExactly(started, completed));
        Received last = receiver.received().get(1);
        assertThat(last.uri()).isEqualTo("/in?job=7&x=%20y");
        assertThat(last.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("auspex-event", "completed")
                .containsEntry("auspex-sequence", "4")
                .containsEntry("auspex-delivery-attempt", "1")
                .containsEntry("webhook-id", MessageId.of(story.id(), COMPLETED, 4).value());
        assertThat(last.headers().get("user-agent")).startsWith("Auspex-Webhooks/");
        assertThat(last.headers().get("webhook-signature")).isEqualTo(signature(last));
        eventually(() -> assertThat(results.of(story.id())).extracting(DeliveryResult::outcome)
                .containsExactly(Outcome.DELIVERED, Outcome.DELIVERED));
    }

    @Test
    void shouldSendOutputAndCompletedWhenNoFilterWasGiven() {
        Story story = snapshots.story(receiver.url("/default"));
        story.write(START);
        story.write(LOGS);
        story.write(OUTPUT);
        eventually(() -> assertThat(events()).containsExactly("output"));
        story.write(COMPLETED);
        eventually(() -> assertThat(events()).containsExactly("output", "completed"));
    }

    @Test
    void shouldSendTheFirstAndTheLatestWhenOutputArrivesFasterThanTheWindow() {
        Story story = snapshots.story(receiver.url("/throttled"), OUTPUT, LOGS);
        String first = story.write(OUTPUT);
        eventually(() -> assertThat(receiver.received()).hasSize(1));
        String last = first;
        for (int i = 0; i < 30; i++) {
            last = story.write(i % 2 == 0 ? LOGS : OUTPUT);
        }
        String trailing = last;
        eventually(() -> assertThat(receiver.received()).extracting(Received::text).containsExactly(first, trailing));
    }

    @Test
    void shouldReplaceWhatIsHeldBackWhenThePredictionCompletes() {
        Story story = snapshots.story(receiver.url("/completed"));
        story.write(OUTPUT);
        eventually(() -> assertThat(events()).containsExactly("output"));
        story.write(OUTPUT);
        story.write(COMPLETED);
        Story after = snapshots.story(receiver.url("/completed"));
        after.write(COMPLETED);
        eventually(() -> assertThat(results.of(after.id())).hasSize(1));
        eventually(() -> assertThat(receiver.received().stream().filter(one -> one.text().contains(story.id().value()))
                .map(Received::event)).containsExactly("output", "completed"));
    }

    @Test
    void shouldRepeatTheSameMessageWhenTheReceiverFailsAtFirst() throws Exception {
        receiver.script((request, response) -> response.setStatusCode(request.attempt() < 3 ? 500 : 204).end());
        Story story = snapshots.story(receiver.url("/retried"));
        String body = story.write(COMPLETED);
        eventually(() -> assertThat(receiver.received()).extracting(Received::attempt).containsExactly(1, 2, 3));
        assertThat(receiver.received()).extracting(Received::id).containsOnly(receiver.received().getFirst().id());
        assertThat(receiver.received()).extracting(Received::text).containsOnly(body);
        for (Received one : receiver.received()) {
            assertThat(one.headers().get("webhook-signature")).isEqualTo(signature(one));
        }
        eventually(() -> assertThat(results.of(story.id())).extracting(DeliveryResult::status).containsExactly(500, 500, 204));
        assertThat(results.of(story.id()).getLast().settled()).isTrue();
    }

    @Test
    void shouldGiveUpWhenTheScheduleIsOver() {
        receiver.script(Receiver.status(503));
        Story whole = snapshots.story(receiver.url("/dead"), START, COMPLETED);
        whole.write(START);
        whole.write(COMPLETED);
        Story partial = snapshots.story(receiver.url("/dead"));
        partial.write(OUTPUT);
        eventually(() -> {
            assertThat(attemptsOf(whole, "start")).isEqualTo(4);
            assertThat(attemptsOf(whole, "completed")).isEqualTo(5);
            assertThat(attemptsOf(partial, "output")).isEqualTo(1);
            assertThat(results.of(whole.id()).stream().filter(DeliveryResult::settled)).hasSize(2);
            assertThat(results.of(partial.id()).getFirst().settled()).isTrue();
        });
    }

    private long attemptsOf(Story story, String event) {
        return results.of(story.id()).stream()
                .filter(result -> result.delivery().event().wireName().equals(event))
                .count();
    }

    @Test
    void shouldRecordAFailureWhenTheReceiverRedirects() {
        receiver.script((request, response) -> response
                .setStatusCode(request.attempt() == 1 ? 302 : 200)
                .putHeader("location", receiver.url("/elsewhere"))
                .end());
        Story story = snapshots.story(receiver.url("/moved"));
        story.write(COMPLETED);
        eventually(() -> assertThat(results.of(story.id())).extracting(DeliveryResult::outcome)
                .containsExactly(Outcome.REJECTED, Outcome.DELIVERED));
        assertThat(receiver.received("/elsewhere")).isEmpty();
    }

    @Test
    void shouldOpenNoConnectionWhenTheAddressIsForbidden() {
        Story story = snapshots.story(forbidden.url("/secret"));
        Story literal = snapshots.story("http://0x7f000001:" + receiver.port() + "/");
        Story user = snapshots.story("http://user:pw@127.0.0.1:" + receiver.port() + "/");
        for (Story one : List.of(story, literal, user)) {
            one.write(COMPLETED);
            eventually(() -> {
                assertThat(results.of(one.id())).extracting(DeliveryResult::outcome).containsExactly(Outcome.FORBIDDEN);
                assertThat(results.of(one.id()).getFirst().settled()).isTrue();
            });
        }
        assertThat(forbidden.connections()).isZero();
        assertThat(receiver.connections()).isZero();
    }

    @Test
    void shouldStopWhenTheReceiverIsGone() {
        receiver.script(Receiver.status(410));
        Story story = snapshots.story(receiver.url("/gone"));
        story.write(COMPLETED);
        eventually(() -> assertThat(results.of(story.id())).hasSize(1));
        assertThat(results.of(story.id()).getFirst().settled()).isTrue();
        Story next = snapshots.story(receiver.url("/gone"));
        next.write(COMPLETED);
        eventually(() -> assertThat(results.of(next.id())).extracting(DeliveryResult::outcome).containsExactly(Outcome.GONE));
        assertThat(results.of(next.id()).getFirst().settled()).isTrue();
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void shouldLeaveAnEndpointInPeaceAndItsNeighbourAloneWhenItIsOverloaded() {
        receiver.script((request, response) -> response
                .setStatusCode(request.uri().startsWith("/overloaded") && receiver.received("/overloaded").size() == 1 ? 502 : 200)
                .end());
        Story first = snapshots.story(receiver.url("/overloaded?job=1"));
        first.write(COMPLETED);
        eventually(() -> assertThat(results.of(first.id())).hasSize(1));
        List<Story> later = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Story story = snapshots.story(receiver.url("/overloaded?job=" + (2 + i)));
            story.write(COMPLETED);
            later.add(story);
        }
        snapshots.story(receiver.url("/neighbour")).write(COMPLETED);
        eventually(() -> assertThat(receiver.received("/neighbour")).hasSize(1));
        eventually(() -> assertThat(later).allSatisfy(story -> {
            assertThat(results.of(story.id())).hasSizeGreaterThan(1);
            assertThat(results.of(story.id()).getFirst().outcome()).isEqualTo(Outcome.POSTPONED);
            assertThat(results.of(story.id()).getLast().outcome()).isEqualTo(Outcome.DELIVERED);
            assertThat(results.of(story.id()).getLast().attempt()).as("a pause is no attempt").isOne();
        }));
    }

    @Test
    void shouldSendTheExtraEventsByNameWhenTheyAreAskedFor() {
        Story story = snapshots.story(receiver.url("/extra"), QUEUED, PROGRESS, RETRYING, COMPLETED);
        story.write(null);
        eventually(() -> assertThat(events()).containsExactly("queued"));
        story.write(START);
        story.write(PROGRESS);
        eventually(() -> assertThat(events()).containsExactly("queued", "progress"));
        story.write(null, PredictionStatus.STARTING);
        story.write(PROGRESS);
        story.write(COMPLETED);
        eventually(() -> assertThat(events()).containsExactly("queued", "progress", "retrying", "completed"));
    }

    @Test
    void shouldWaitAsLongAsAskedWhenTheReceiverIsBusy() {
        receiver.script((request, response) -> response
                .setStatusCode(request.attempt() == 1 ? 429 : 200)
                .putHeader("retry-after", "2")
                .end());
        Story story = snapshots.story(receiver.url("/busy"));
        story.write(COMPLETED);
        eventually(() -> assertThat(results.of(story.id())).hasSize(2));
        DeliveryResult first = results.of(story.id()).getFirst();
        DeliveryResult second = results.of(story.id()).getLast();
        assertThat(Duration.between(first.startedAt(), second.startedAt())).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(second.outcome()).isEqualTo(Outcome.DELIVERED);
    }

    @Test
    void shouldGoOnDeliveringWhenAnotherReceiverHangs() {
        try (Receiver hanging = new Receiver(vertx)) {
            hanging.script(Receiver.hang());
            List<Story> stuck = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Story story = snapshots.story(hanging.url("/hang"));
                story.write(COMPLETED);
                stuck.add(story);
            }
            for (int i = 0; i < 200; i++) {
                snapshots.story(receiver.url("/healthy")).write(COMPLETED);
            }
            eventually(() -> assertThat(receiver.received("/healthy")).hasSize(200));
            // No attempt at the hanging one can have ended yet: they take 15 s. Some were put off, none succeeded.
            assertThat(stuck.stream().flatMap(story -> results.of(story.id()).stream()))
                    .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(Outcome.POSTPONED));
        }
    }

    @Test
    void shouldReadLittleAndCountItWhenAnAnswerHasNoEnd() {
        receiver.script(Receiver.endless());
        Story story = snapshots.story(receiver.url("/endless"));
        story.write(COMPLETED);
        eventually(() -> assertThat(results.of(story.id())).extracting(DeliveryResult::outcome)
                .containsExactly(Outcome.DELIVERED));
    }

    @Test
    void shouldSkipItWhenARecordCannotBeRead(KafkaClients kafka, Topics topics) throws Exception {
        try (KafkaProducer<String, byte[]> producer = kafka.producer("test-poison", Map.of())) {
            for (int partition = 0; partition < topics.settings().partitions(); partition++) {
                producer.send(new ProducerRecord<>(topics.predictions(), partition, "no id", new byte[3])).get();
                producer.send(new ProducerRecord<>(topics.deliveryResults(), partition, "no id", new byte[3])).get();
                producer.send(new ProducerRecord<>(topics.deliveries(), partition, "no id", new byte[3])).get();
            }
        }
        receiver.script((request, response) -> response.setStatusCode(request.attempt() == 1 ? 500 : 200).end());
        for (int i = 0; i < 4; i++) {
            snapshots.story(receiver.url("/after-poison")).write(COMPLETED);
        }
        eventually(() -> assertThat(receiver.received()).hasSize(8));
    }

    private List<String> events() {
        return receiver.received().stream().map(Received::event).toList();
    }

    private String signature(Received one) throws Exception {
        byte[] key = dispatcher.context().secret().webhookKey(Snapshots.ACCOUNT);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write((one.id() + "." + one.headers().get("webhook-timestamp") + ".").getBytes(StandardCharsets.UTF_8));
        content.write(one.body());
        return "v1," + Base64.getEncoder().encodeToString(MasterSecret.hmac(key, content.toByteArray()));
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
    }
}
