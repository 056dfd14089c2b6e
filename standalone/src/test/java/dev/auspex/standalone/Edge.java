package dev.auspex.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.app.IngestGateway;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.app.JobRouter;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** A router and two gateways in front of it, without executors: what is created stays in its topic. */
final class Edge implements AutoCloseable {

    static final ModelName MODEL = ModelName.of("acme/painter");
    static final String TOKEN = "r8_alice";
    static final String OTHER_TOKEN = "r8_bob";

    private final KafkaClients kafka;
    private final Topics topics;
    private final Path data;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final KafkaProducer<String, byte[]> producer;
    private final List<ServiceContext> contexts = new ArrayList<>();
    private final List<IngestGateway> gateways = new ArrayList<>();
    private JobRouter router;

    private Edge(KafkaClients kafka, Topics topics, Path data) throws Exception {
        this.kafka = kafka;
        this.topics = topics;
        this.data = data;
        this.producer = kafka.producer("test", Map.of("max.in.flight.requests.per.connection", 1));
        this.router = new JobRouter(context("router", Map.of("router.port", "0")));
    }

    /** Everything runs and the model is known. */
    static Edge start(KafkaClients kafka, Topics topics, Path data) throws Exception {
        Edge edge = new Edge(kafka, topics, data);
        edge.router.start();
        edge.write(topics.commands(), new Command.RegisterModel(new ModelRegistration(
                MODEL, "Paints.", List.of(new HardwareClass("cpu"), new HardwareClass("gpu-h100")),
                new Runner.Builtin("painter"),
                (ObjectNode) Json.parse("{\"components\":{\"schemas\":{\"Input\":{\"type\":\"object\"}}}}"
                        .getBytes(StandardCharsets.UTF_8)))));
        edge.startGateway();
        edge.startGateway();
        edge.awaitReady();
        return edge;
    }

    private void startGateway() throws Exception {
        IngestGateway gateway = new IngestGateway(context("gateway" + gateways.size(), Map.of(
                "http.port", "0", "router.url", "http://127.0.0.1:" + router.port(),
                "http.url", "https://api.example.test",
                "admins", "alice",
                "tokens", "alice=" + TOKEN + ",bob=" + OTHER_TOKEN)));
        gateway.start();
        gateways.add(gateway);
    }

    /** Starts another gateway. @return its number */
    int addGateway() throws Exception {
        startGateway();
        awaitReady();
        return gateways.size() - 1;
    }

    private ServiceContext context(String name, Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("data", data.resolve(name).toString());
        settings.put("files.folder", data.resolve("files").toString());
        settings.put("kafka", kafka.bootstrapServers());
        settings.put("usage.prices", "cpu:0.001525");
        settings.put("secret", "a secret of the tests, long enough");
        settings.put("topics.prefix", topics.settings().prefix());
        settings.put("topics.partitions", Integer.toString(topics.settings().partitions()));
        settings.put("topics.retention", topics.settings().retention().toHours() + "h");
        settings.put("hardware.classes", topics.settings().hardware().stream()
                .map(Object::toString)
                .collect(Collectors.joining(",")));
        ServiceContext context = ServiceContext.create(Settings.of(settings));
        contexts.add(context);
        return context;
    }

    private void awaitReady() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> router.problems().isEmpty()
                && gateways.stream().allMatch(gateway -> gateway.problems().isEmpty() && gateway.knows(MODEL)));
    }

    /** Stops the router and starts it again where gateways look for it. */
    void restartRouter() throws Exception {
        int port = router.port();
        router.stop(Duration.ofSeconds(20));
        router = new JobRouter(context("router", Map.of("router.port", Integer.toString(port))));
        router.start();
    }

    /** Posts with Alice's token. @param gateway 0 or 1 @param headers names and values; an Authorization replaces hers */
    CompletableFuture<HttpResponse<String>> post(int gateway, String path, String body, String... headers) {
        return send("POST", gateway, path, body, headers);
    }

    /** The same with any method. */
    CompletableFuture<HttpResponse<String>> send(
            String method, int gateway, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base(gateway) + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + TOKEN)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** Reads with Alice's token. @param headers names and values; an Authorization replaces hers */
    HttpResponse<String> get(int gateway, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base(gateway) + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + TOKEN);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    String base(int gateway) {
        return "http://127.0.0.1:" + gateways.get(gateway).port();
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    void write(String topic, Command command) throws Exception {
        write(topic, command.key(), Serdes.COMMAND.serialize(command));
    }

    void write(String topic, String key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, key, value)).get();
    }

    /** Every job record there is. */
    List<Job> jobs() {
        List<TopicPartition> partitions = Stream.concat(topics.allJobs().stream(), Stream.of(topics.heldJobs()))
                .flatMap(topic -> IntStream.range(0, topics.settings().partitions())
                        .mapToObj(partition -> new TopicPartition(topic, partition)))
                .toList();
        try (KafkaConsumer<String, byte[]> reader = kafka.consumer("test-reader", Map.of("fetch.max.wait.ms", 20))) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            List<Job> jobs = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends.get(partition))) {
                reader.poll(Duration.ofMillis(50)).forEach(record -> jobs.add(Serdes.JOB.deserialize(record.value())));
            }
            return jobs;
        }
    }

    /** Every route of the API that asks for a token. */
    List<String> routes() {
        return gateways.getFirst().routes();
    }

    Topics topics() {
        return topics;
    }

    @Override
    public void close() throws Exception {
        for (IngestGateway gateway : gateways) {
            gateway.stop(Duration.ofSeconds(5));
        }
        router.stop(Duration.ofSeconds(20));
        producer.close(Duration.ofSeconds(2));
        for (ServiceContext context : contexts) {
            context.vertx().close().await();
        }
    }
}
