package dev.auspex.gateway.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.files.LocalFileStore;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.security.MasterSecret;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** A gateway on a free port, a router stand-in beside it, an HTTP client in front and eyes on the topics behind. */
final class RunningGateway implements AutoCloseable {

    static final String TOKEN = "r8_alice";
    static final MasterSecret SECRET = new MasterSecret(new Secret("0123456789abcdef0123456789abcdef"));

    final IngestGateway gateway;
    final RouterStandIn router;
    final Vertx vertx = Vertx.vertx();
    final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Topics topics;
    private final KafkaConsumer<String, byte[]> reader;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private boolean stopped;

    private RunningGateway(KafkaClients kafka, Topics topics, Map<String, String> settings) throws Exception {
        this.topics = topics;
        this.router = new RouterStandIn(vertx, SECRET.sign("internal", "router"));
        Map<String, String> all = new HashMap<>(Map.of(
                "http.port", "0",
                "tokens", "alice=" + TOKEN + ",bob=r8_bob",
                "router.url", router.url(),
                "http.body.limit", "64KiB"));
        all.putAll(settings);
        this.gateway = new IngestGateway(context(Settings.of(all), topics, kafka, vertx, metrics));
        this.reader = kafka.consumer("test-reader", Map.of("fetch.max.wait.ms", 20));
    }

    static ServiceContext context(
            Settings settings, Topics topics, KafkaClients kafka, Vertx vertx, PrometheusMeterRegistry metrics) {
        return new ServiceContext(
                settings,
                topics,
                kafka,
                SECRET,
                new LocalFileStore(Path.of("target", "files"), Clock.systemUTC()),
                AddressGuard.of(settings.get(Keys.WEBHOOK_ALLOW)),
                metrics,
                vertx,
                Clock.systemUTC());
    }

    /** Started and ready. */
    static RunningGateway start(KafkaClients kafka, Topics topics, Map<String, String> settings) throws Exception {
        RunningGateway running = new RunningGateway(kafka, topics, settings);
        try {
            running.gateway.start();
        } catch (ConfigException e) {
            running.close();
            throw e;
        }
        Awaitility.await().untilAsserted(
                () -> org.assertj.core.api.Assertions.assertThat(running.gateway.problems()).isEmpty());
        return running;
    }

    /** Started, ready or not. */
    static RunningGateway startUnready(KafkaClients kafka, Topics topics) throws Exception {
        RunningGateway running = new RunningGateway(kafka, topics, Map.of());
        running.gateway.start();
        return running;
    }

    static void publish(KafkaClients kafka, Topics topics, Model... models) throws Exception {
        try (KafkaProducer<String, byte[]> producer = kafka.producer("test-catalogue", Map.of())) {
            for (Model model : models) {
                producer.send(new ProducerRecord<>(
                        topics.catalog(), model.name().toString(), Serdes.MODEL.serialize(model))).get();
            }
        }
    }

    String base() {
        return "http://127.0.0.1:" + gateway.port();
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return http.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return postAsync(path, body, headers).get();
    }

    CompletableFuture<HttpResponse<String>> postAsync(String path, String body, String... headers) {
        return http.sendAsync(
                request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** A request with Alice's token, unless the headers name another Authorization (empty: none). */
    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base() + path))
                .timeout(Duration.ofSeconds(30));
        String authorization = "Bearer " + TOKEN;
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equals("Authorization")) {
                authorization = headers[i + 1];
            } else {
                request.header(headers[i], headers[i + 1]);
            }
        }
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return Json.parse(response.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Every job in Kafka, in no order. */
    List<Job> jobs() {
        return records(topics.allJobs()).stream().map(record -> Serdes.JOB.deserialize(record.value())).toList();
    }

    /** How many records the gateway has written. */
    long written() {
        List<TopicPartition> partitions = partitions(topics.allJobs());
        partitions.addAll(partitions(List.of(topics.commands())));
        return reader.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }

    private List<TopicPartition> partitions(List<String> names) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String name : names) {
            for (int i = 0; i < topics.settings().partitions(); i++) {
                partitions.add(new TopicPartition(name, i));
            }
        }
        return partitions;
    }

    /** Every record of these topics. */
    List<ConsumerRecord<String, byte[]>> records(List<String> names) {
        List<TopicPartition> partitions = partitions(names);
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends.get(partition))) {
            reader.poll(Duration.ofMillis(50)).forEach(records::add);
        }
        return records;
    }

    void stop(Duration limit) throws Exception {
        if (!stopped) {
            stopped = true;
            gateway.stop(limit);
        }
    }

    @Override
    public void close() throws Exception {
        stop(Duration.ofSeconds(15));
        router.close();
        reader.close();
        vertx.close().await();
    }
}
