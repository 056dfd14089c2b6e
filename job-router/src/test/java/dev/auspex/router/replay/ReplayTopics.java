package dev.auspex.router.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Prediction;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.PredictionJson;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The topics around a replay: writes what the router would have written, reads what executors would get. */
final class ReplayTopics implements AutoCloseable {

    static final HardwareClass CPU = new HardwareClass("cpu");
    static final HardwareClass H100 = new HardwareClass("gpu-h100");
    static final Model PAINTER = Model.first(
            new ModelRegistration(
                    ModelName.of("acme/painter"),
                    "Paints.",
                    List.of(H100, CPU),
                    new Runner.Builtin("painter"),
                    schema("{\"components\":{\"schemas\":{\"Output\":{\"x-cog-array-type\":\"iterator\"}}}}"),
                    new JobLimits(5, null, Duration.ofMinutes(3), false)),
            Instant.parse("2026-01-02T03:04:05Z"));
    static final VersionId VERSION = PAINTER.latest().id();

    private final Topics topics;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> reader;
    private final Random random = new Random(42);

    ReplayTopics(KafkaClients kafka, Topics topics) throws Exception {
        this.topics = topics;
        this.producer = kafka.producer("test", Map.of(
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1, ProducerConfig.LINGER_MS_CONFIG, 2));
        this.reader = kafka.consumer("test-reader", Map.of("fetch.max.wait.ms", 20));
        producer.send(new ProducerRecord<>(
                topics.catalog(), PAINTER.name().toString(), Serdes.MODEL.serialize(PAINTER))).get();
    }

    /** A prediction that has ended. @param error {@code null} for a success */
    record Ended(Job job, PredictionStatus status, @Nullable String error) {

        PredictionId id() {
            return job.id();
        }

        Prediction prediction() {
            Instant end = job.createdAt().plusSeconds(2);
            return new Prediction(job, status, null, error, "a log\n", end, end, Json.object().put("predict_time", 1),
                    List.of(), false);
        }
    }

    Ended failed(AccountId account, int number) {
        return new Ended(job(account, number), PredictionStatus.FAILED, "CUDA out of memory: tried 7 GiB");
    }

    Ended succeeded(AccountId account, int number) {
        return new Ended(job(account, number), PredictionStatus.SUCCEEDED, null);
    }

    Job job(AccountId account, int number) {
        Instant created = Instant.now().minusSeconds(3600).plusMillis(number);
        PredictionId id = PredictionId.create(created, random);
        return new Job(
                id, account, PAINTER.name(), VERSION, new Runner.Builtin("painter"), H100,
                Json.object().put("prompt", "number " + number), new Webhook("http://hooks.test/" + number, null),
                Instant.ofEpochMilli(created.toEpochMilli()),
                Instant.ofEpochMilli(created.toEpochMilli()).plusSeconds(600), "api", "http://old.test",
                PredictionUrls.of("http://old.test", id, null), 0, null, JobLimits.DEFAULT, null, null);
    }

    List<Ended> failed(AccountId account, int count, int from) {
        return IntStream.range(from, from + count).mapToObj(number -> failed(account, number)).toList();
    }

    /** Writes both snapshots of each: the creation and the end. */
    void publish(List<Ended> all) {
        for (Ended each : all) {
            snapshot(each.job(), 0, null, PredictionStatus.STARTING,
                    PredictionJson.render(Prediction.starting(each.job())));
            snapshot(each.job(), 1, WebhookEvent.COMPLETED, each.status(), PredictionJson.render(each.prediction()));
        }
        producer.flush();
    }

    /** Only the creation: the prediction still runs. */
    void publishRunning(Job job) {
        snapshot(job, 0, null, PredictionStatus.STARTING, PredictionJson.render(Prediction.starting(job)));
        producer.flush();
    }

    /** What the router says once it has removed the data of an ended prediction. */
    void publishRemoved(Ended each) {
        String body = new String(PredictionJson.render(each.prediction()), StandardCharsets.UTF_8)
                .replace("\"data_removed\":false", "\"data_removed\":true");
        snapshot(each.job(), 2, null, each.status(), body.getBytes(StandardCharsets.UTF_8));
        producer.flush();
    }

    void publishBody(Ended each, String body) {
        snapshot(each.job(), 1, WebhookEvent.COMPLETED, each.status(), body.getBytes(StandardCharsets.UTF_8));
        producer.flush();
    }

    /** What the router writes of jobs that it gives up. */
    void publishDead(Instant time, List<Job> jobs) {
        for (Job job : jobs) {
            DeadJob dead = new DeadJob(job, "two workers were lost", List.of(), time);
            producer.send(new ProducerRecord<>(topics.deadJobs(), job.id().value(), Serdes.DEAD_JOB.serialize(dead)));
        }
        producer.flush();
    }

    void publishDeployment(DeploymentName name) {
        Deployment.Release release = new Deployment.Release(1, PAINTER.name(), VERSION, H100, 0, 1, Instant.now());
        producer.send(new ProducerRecord<>(
                topics.deployments(), name.toString(), Serdes.DEPLOYMENT.serialize(new Deployment(name, release, "c"))));
        producer.flush();
    }

    /** Removes all records of these topics, as time would. */
    void forget(Admin admin, List<String> names) throws Exception {
        List<TopicPartition> partitions = partitions(names);
        admin.deleteRecords(partitions.stream()
                        .collect(Collectors.toMap(each -> each, each -> RecordsToDelete.beforeOffset(-1))))
                .all()
                .get();
    }

    private void snapshot(
            Job job, long sequence, @Nullable WebhookEvent change, PredictionStatus status, byte[] body) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topics.predictions(), job.id().value(), body);
        new SnapshotHeaders(
                        job.account(), sequence, change, status, null, job.webhook(), job.hardware(), job.replayOf())
                .writeTo(record.headers());
        producer.send(record);
    }

    /** Every committed job of the account in the retries topics, in no order. */
    List<Job> jobs(AccountId account) {
        return jobs(account, topics.allRetries());
    }

    /** Every committed job of the account that is held back for its deployment, in no order. */
    List<Job> held(AccountId account) {
        return jobs(account, List.of(topics.heldJobs()));
    }

    private List<TopicPartition> partitions(List<String> names) {
        return names.stream()
                .flatMap(name -> IntStream.range(0, topics.settings().partitions())
                        .mapToObj(partition -> new TopicPartition(name, partition)))
                .toList();
    }

    private List<Job> jobs(AccountId account, List<String> names) {
        List<TopicPartition> partitions = partitions(names);
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
        List<Job> jobs = new ArrayList<>();
        while (partitions.stream().anyMatch(each -> reader.position(each) < ends.getOrDefault(each, 0L))) {
            for (ConsumerRecord<String, byte[]> record : reader.poll(Duration.ofMillis(50))) {
                if (SnapshotHeaders.belongsTo(account, record.headers())) {
                    jobs.add(Serdes.JOB.deserialize(record.value()));
                }
            }
        }
        return jobs;
    }

    private static ObjectNode schema(String json) {
        try {
            return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8));
        } catch (java.io.IOException e) {
            throw new AssertionError(json, e);
        }
    }

    @Override
    public void close() {
        producer.close();
        reader.close();
    }
}
