package dev.auspex.executor.app;

import static dev.auspex.executor.app.ExecutorHarness.ACCOUNT;
import static dev.auspex.executor.app.ExecutorHarness.CPU;
import static dev.auspex.executor.app.ExecutorHarness.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.worker.WorkerStatus;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class GpuExecutorIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path data;

    private ExecutorHarness harness;

    @BeforeEach
    void open(KafkaClients kafka, Topics topics) {
        harness = new ExecutorHarness(kafka, topics, data);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void shouldReportStartOutputAndEndInOrderWhenAJobRuns() throws Exception {
        GpuExecutor executor = harness.start(Map.of());

        PredictionId id = harness.submit("echo", echo("one two three", 0.6, 3));

        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(id)).hasSize(1));
        List<AttemptEvent> events = harness.of(id);
        assertThat(events.getFirst().body()).isInstanceOf(AttemptEvent.Started.class);
        assertThat(events.getLast().body()).isInstanceOf(AttemptEvent.Succeeded.class);
        assertThat(events).extracting(AttemptEvent::attempt).containsOnly(events.getFirst().attempt());
        AttemptEvent.Succeeded end = (AttemptEvent.Succeeded) events.getLast().body();
        assertThat(end.output()).extracting(JsonNode::asText).containsExactly("one ", "two ", "three ");
        assertThat(end.metrics().get("predict_time").asDouble()).isBetween(0.6, 5.0);
        assertThat(end.startedAt()).isEqualTo(events.getFirst().time());
        assertThat(end.logs()).startsWith("echo of 13 characters in 3 chunks\n").contains("100%|██████████| 100/100");
        assertThat(events.stream()
                        .map(AttemptEvent::body)
                        .filter(AttemptEvent.OutputAppended.class::isInstance)
                        .flatMap(body -> ((AttemptEvent.OutputAppended) body).chunks().stream())
                        .map(JsonNode::asText))
                .startsWith("one ", "two ");
        assertThat(executor.problems()).isEmpty();
    }

    @Test
    void shouldEndInFailedWithTheModelsWordsWhenItRefuses() throws Exception {
        harness.start(Map.of());

        PredictionId asked = harness.submit("echo", echo("x", 0, 0).put("fail", "no luck"));
        PredictionId wrong = harness.submit("echo", echo("x", 90_000, 0));
        PredictionId unknown = harness.submit("nothing", echo("x", 0, 0));

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(failure(asked)).isEqualTo("no luck");
            assertThat(failure(wrong))
                    .isEqualTo("input.seconds: expected a number from 0 to 86400, got 90000.0");
            assertThat(failure(unknown)).isEqualTo("this executor has no built-in model 'nothing'");
        });
        assertThat(((AttemptEvent.Failed) harness.ends(asked).getFirst()).retryable()).isFalse();
    }

    private String failure(PredictionId id) {
        return harness.ends(id).stream()
                .map(end -> end instanceof AttemptEvent.Failed failed ? failed.error() : end.toString())
                .findFirst()
                .orElse("");
    }

    @Test
    void shouldNeverStartAQueuedJobWhenItWasCanceledBeforeTheExecutorLived() throws Exception {
        PredictionId canceled = harness.submit("echo", echo("x", 0, 0));
        harness.cancel(canceled, ACCOUNT);
        PredictionId others = harness.submit("echo", echo("y", 0, 0));
        harness.cancel(others, new AccountId("somebody-else"));

        harness.start(Map.of());

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(harness.ends(canceled)).singleElement().isInstanceOf(AttemptEvent.Canceled.class);
            assertThat(harness.ends(others)).singleElement().isInstanceOf(AttemptEvent.Succeeded.class);
        });
        assertThat(harness.of(canceled)).hasSize(1);
        assertThat(harness.ends(canceled).getFirst().startedAt()).isNull();
    }

    @Test
    void shouldStopARunningJobAtOnceWhenItIsCanceled() throws Exception {
        harness.start(Map.of());
        PredictionId id = harness.submit("echo", echo("one two", 60, 2));
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.of(id)).hasSizeGreaterThan(1));

        long asked = System.nanoTime();
        harness.cancel(id, ACCOUNT);

        await().pollInterval(Duration.ofMillis(5)).atMost(SOON)
                .untilAsserted(() -> assertThat(harness.ends(id)).hasSize(1));
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
        AttemptEvent.Canceled end = (AttemptEvent.Canceled) harness.ends(id).getFirst();
        assertThat(end.output()).extracting(JsonNode::asText).containsExactly("one ");
        assertThat(end.startedAt()).isNotNull();
    }

    @Test
    void shouldRunOnceWhenAJobTakesMuchLongerThanItsLock() throws Exception {
        harness.start(Map.of("executor.lock", "3s"));
        harness.start(Map.of("executor.lock", "3s"));

        PredictionId id = harness.submit("echo", echo("long", 8, 0));

        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(id)).hasSize(1));
        assertThat(harness.of(id)).extracting(AttemptEvent::attempt).containsOnly(harness.of(id).getFirst().attempt());
    }

    @Test
    void shouldShowItsSlotsAndWhatRunsWhenItsPageIsAsked() throws Exception {
        GpuExecutor executor = harness.start(Map.of("executor.warm", "echo"));
        PredictionId id = harness.submit("echo", echo("x", 600, 0));
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.of(id)).isNotEmpty());

        JsonNode page = Json.tree(executor.pages().get("/worker").get());

        assertThat(page.at("/classes/0/hardware").asText()).isEqualTo("cpu");
        JsonNode slots = page.at("/classes/0/slots");
        assertThat(slots).hasSize(2);
        assertThat(slots).allSatisfy(slot -> assertThat(slot.at("/models/0/model").asText()).as("warm").isEqualTo("echo"));
        assertThat(slots.findValuesAsText("prediction")).containsExactly(id.value());
        assertThat(slots.findValuesAsText("since")).hasSize(1);
        assertThat(page.path("problems")).isEmpty();
        assertToldByKafka(executor, id);
        harness.cancel(id, ACCOUNT);
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(id)).hasSize(1));
        assertThat(harness.ends(id).getFirst().metrics().has("setup_time")).as("it was warm").isFalse();
    }

    private void assertToldByKafka(GpuExecutor executor, PredictionId runs) throws Exception {
        Map<String, byte[]> workers = new java.util.concurrent.ConcurrentHashMap<>();
        TopicTail tail = new TopicTail(
                harness.kafka.consumer("workers", Map.of()), harness.topics.workers(),
                harness.topics.settings().partitions(), TopicTail.From.BEGINNING,
                record -> {
                    if (record.value() == null) {
                        workers.remove(record.key());
                    } else {
                        workers.put(record.key(), record.value());
                    }
                });
        tail.start();
        String id = Json.tree(executor.pages().get("/worker").get()).path("executor").asText();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(workers).containsKey(id);
            WorkerStatus status = Serdes.WORKER.deserialize(workers.get(id));
            assertThat(status.classes().getFirst().slots())
                    .hasSize(2)
                    .filteredOn(slot -> slot.job() != null)
                    .singleElement()
                    .satisfies(slot -> {
                        assertThat(slot.job().prediction()).isEqualTo(runs);
                        assertThat(slot.job().account()).isEqualTo(ACCOUNT);
                        assertThat(slot.models()).extracting(WorkerStatus.Loaded::model).containsExactly("echo");
                    });
            assertThat(status.problems()).isEmpty();
        });
        assertThat(harness.metrics().scrape()).contains("auspex_executor_models{hardware=\"cpu\",state=\"ready\"} 2.0");
        tail.stop(Duration.ofSeconds(5));
    }

    @Test
    void shouldMoveARecordAsideWhenItCannotBeRead(KafkaClients kafka, Topics topics) throws Exception {
        List<ConsumerRecord<String, byte[]>> dead = new CopyOnWriteArrayList<>();
        TopicTail tail = new TopicTail(
                kafka.consumer("dead", Map.of()), topics.deadJobs(), topics.settings().partitions(),
                TopicTail.From.BEGINNING, dead::add);
        tail.start();
        harness.producer.send(new ProducerRecord<>(topics.jobs(CPU), "key", new byte[] {'{', 1})).get();
        PredictionId neighbour = harness.submit("echo", echo("fine", 0, 0));

        harness.start(Map.of());

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(harness.ends(neighbour)).hasSize(1);
            assertThat(dead).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo("key");
                assertThat(record.headers().lastHeader("cause")).isNotNull();
            });
        });
        tail.stop(Duration.ofSeconds(5));
    }

    @Test
    void shouldTellTheCatalogueItsModelsWhenItStarts(KafkaClients kafka, Topics topics) throws Exception {
        List<Command> commands = new CopyOnWriteArrayList<>();
        TopicTail tail = new TopicTail(
                kafka.consumer("commands", Map.of()), topics.commands(), topics.settings().partitions(),
                TopicTail.From.END, record -> commands.add(Serdes.COMMAND.deserialize(record.value())));
        tail.start();
        tail.caughtUp().get();

        harness.start(Map.of());

        await().atMost(SOON).untilAsserted(() -> assertThat(commands).singleElement().satisfies(command -> {
            Command.RegisterModel register = (Command.RegisterModel) command;
            assertThat(register.registration().name()).hasToString("auspex/echo");
            assertThat(register.registration().hardware()).containsExactly(CPU);
        }));
        tail.stop(Duration.ofSeconds(5));
    }
}
