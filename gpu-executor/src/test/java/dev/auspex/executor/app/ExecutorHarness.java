package dev.auspex.executor.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.executor.builtin.BuiltinModels;
import dev.auspex.executor.hardware.GpuProbe;
import dev.auspex.executor.kafka.SlotGroup;
import dev.auspex.executor.models.EchoModel;
import dev.auspex.model.Model;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.files.LocalFileStore;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.security.MasterSecret;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Everything around an executor: submits jobs and commands, follows events. */
final class ExecutorHarness implements AutoCloseable {

    static final AccountId ACCOUNT = new AccountId("acme");
    static final HardwareClass CPU = new HardwareClass("cpu");
    static final String BASE_URL = "http://auspex.test";

    final Topics topics;
    final KafkaClients kafka;
    final LocalFileStore files;
    final KafkaProducer<String, byte[]> producer;
    final Map<PredictionId, List<AttemptEvent>> events = new ConcurrentHashMap<>();
    /** What executors would have ended their process with. */
    final List<Integer> exits = new CopyOnWriteArrayList<>();
    private final Map<PredictionId, Job> submitted = new ConcurrentHashMap<>();
    private final Path data;
    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final TopicTail tail;
    private final List<GpuExecutor> executors = new ArrayList<>();
    private final SecureRandom random = new SecureRandom();

    ExecutorHarness(KafkaClients kafka, Topics topics, Path data) {
        this.kafka = kafka;
        this.topics = topics;
        this.data = data;
        this.files = new LocalFileStore(data.resolve("files"), Clock.systemUTC());
        this.producer = kafka.producer("harness", Map.of());
        this.tail = new TopicTail(
                kafka.consumer("harness-events", Map.of()),
                topics.events(),
                topics.settings().partitions(),
                TopicTail.From.BEGINNING,
                record -> {
                    AttemptEvent event = Serdes.EVENT.deserialize(record.value());
                    events.computeIfAbsent(event.prediction(), id -> new CopyOnWriteArrayList<>()).add(event);
                    putAgain(event);
                });
        tail.start();
    }

    // The router's part in handing jobs back: without it they would be gone. What was put back may be handed out twice: an
    // executor that stops may have locked it again without having looked at it.
    private void putAgain(AttemptEvent event) {
        Job job = submitted.get(event.prediction());
        boolean again = event.body() instanceof AttemptEvent.Returned
                || event.body() instanceof AttemptEvent.Redelivered && event.round() > 0;
        if (job != null && again) {
            retry(job.again(event.round() + 1));
        }
    }

    /** Puts a job into the retries topic, as the router does. */
    Future<?> retry(Job job) {
        return producer.send(
                new ProducerRecord<>(topics.retries(CPU), job.id().value(), Serdes.JOB.serialize(job)));
    }

    PrometheusMeterRegistry metrics() {
        return metrics;
    }

    ServiceContext context(Map<String, String> overrides) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "kafka", kafka.bootstrapServers(),
                "data", data.toString(),
                "executor.hardware", "cpu",
                "executor.slots", "2",
                "executor.lock", "2s"));
        settings.putAll(overrides);
        Clock clock = Clock.systemUTC();
        return new ServiceContext(
                Settings.of(settings), topics, kafka,
                new MasterSecret(new Secret("0123456789abcdef0123456789abcdef")), files,
                AddressGuard.of(List.of("127.0.0.0/8")), metrics, vertx,
                clock);
    }

    GpuExecutor start(Map<String, String> overrides, Model<?>... more) throws Exception {
        return start(overrides, SlotGroup.BATCH, more);
    }

    GpuExecutor start(Map<String, String> overrides, int batch, Model<?>... more) throws Exception {
        List<Model<?>> models = new ArrayList<>(List.of(more));
        models.add(new EchoModel());
        GpuExecutor executor = new GpuExecutor(
                context(overrides), GpuProbe.none("test"), new BuiltinModels(models), batch, exits::add);
        executors.add(executor);
        executor.start();
        return executor;
    }

    void stop(GpuExecutor executor, Duration limit) throws Exception {
        executors.remove(executor);
        executor.stop(limit);
    }

    Job job(String model, ObjectNode input) {
        return job(new Runner.Builtin(model), input);
    }

    Job job(Runner runner, ObjectNode input) {
        return job(runner, input, CPU);
    }

    Job job(Runner runner, ObjectNode input, HardwareClass hardware) {
        Instant now = Instant.now();
        PredictionId id = PredictionId.create(now, random);
        PredictionUrls urls = new PredictionUrls(BASE_URL, BASE_URL, BASE_URL, null);
        return new Job(
                id, ACCOUNT, ModelName.of("auspex/test"), new VersionId("0".repeat(64)), runner, hardware, input, null, now,
                null, "api", BASE_URL, urls, 0, null, JobLimits.DEFAULT, null, null);
    }

    PredictionId submit(String model, ObjectNode input) throws Exception {
        Job job = job(model, input);
        submit(job).get();
        return job.id();
    }

    /** A job of the echo model with a deadline or limits of its own. */
    Job echoJob(ObjectNode input, @Nullable Instant deadline, JobLimits limits) {
        return with(job("echo", input), deadline, limits);
    }

    Job withLimits(Job job, JobLimits limits) {
        return with(job, null, limits);
    }

    private static Job with(Job job, @Nullable Instant deadline, JobLimits limits) {
        return new Job(
                job.id(), job.account(), job.model(), job.version(), job.runner(), job.hardware(), job.input(), null,
                job.createdAt(), deadline, job.source(), job.baseUrl(), job.urls(), 0, null, limits, null, null);
    }

    Future<?> submit(Job job) {
        submitted.put(job.id(), job);
        return producer.send(
                new ProducerRecord<>(topics.jobs(job.hardware()), job.id().value(), Serdes.JOB.serialize(job)));
    }

    void cancel(PredictionId id, AccountId account) throws Exception {
        Command command = new Command.CancelPrediction(id, account, Instant.now());
        producer.send(new ProducerRecord<>(topics.commands(), command.key(), Serdes.COMMAND.serialize(command)))
                .get();
    }

    List<AttemptEvent> of(PredictionId id) {
        return events.getOrDefault(id, List.of());
    }

    List<AttemptEvent.Terminal> ends(PredictionId id) {
        return of(id).stream()
                .map(AttemptEvent::body)
                .filter(AttemptEvent.Terminal.class::isInstance)
                .map(AttemptEvent.Terminal.class::cast)
                .toList();
    }

    List<AttemptEvent.Body> bodies(PredictionId id) {
        return of(id).stream().map(AttemptEvent::body).toList();
    }

    static ObjectNode echo(String text, double seconds, int tokens) {
        return Json.object().put("text", text).put("seconds", seconds).put("tokens", tokens);
    }

    @Override
    public void close() throws Exception {
        for (GpuExecutor executor : List.copyOf(executors)) {
            stop(executor, Duration.ofSeconds(3));
        }
        tail.stop(Duration.ofSeconds(5));
        producer.close();
        vertx.close().await();
    }
}
