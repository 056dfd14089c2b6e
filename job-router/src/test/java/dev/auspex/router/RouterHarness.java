package dev.auspex.router;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.app.JobRouter;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A router in this JVM with what a test needs around it: a producer for its topics and a client for its port. */
public final class RouterHarness implements AutoCloseable {

    public static final String SECRET = "a secret of the tests, long enough";

    private final ServiceContext context;
    private final JobRouter router;
    private final Sender sender;
    private final HttpClient http = HttpClient.newHttpClient();

    private RouterHarness(KafkaClients kafka, Topics topics, Path data, Map<String, String> more) throws Exception {
        this.context = ServiceContext.create(Settings.of(settings(kafka, topics, data, more)));
        this.router = new JobRouter(context);
        this.sender = new Sender(kafka, topics);
    }

    /** The settings of a router for a test's topics. */
    public static Map<String, String> settings(
            KafkaClients kafka, Topics topics, Path data, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("data", data.toString());
        settings.put("kafka", kafka.bootstrapServers());
        settings.put("secret", SECRET);
        settings.put("topics.prefix", topics.settings().prefix());
        settings.put("topics.partitions", Integer.toString(topics.settings().partitions()));
        settings.put("hardware.classes", topics.settings().hardware().stream()
                .map(Object::toString)
                .collect(Collectors.joining(",")));
        settings.put("router.port", "0");
        settings.putAll(more);
        return settings;
    }

    /** Starts a router; it need not be ready yet. */
    public static RouterHarness start(KafkaClients kafka, Topics topics, Path data) throws Exception {
        RouterHarness harness = new RouterHarness(kafka, topics, data, Map.of());
        harness.router.start();
        return harness;
    }

    /** Starts a router and waits until it has its partitions. */
    public static RouterHarness ready(KafkaClients kafka, Topics topics, Path data) throws Exception {
        return ready(kafka, topics, data, Map.of());
    }

    /** The same with other settings. */
    public static RouterHarness ready(KafkaClients kafka, Topics topics, Path data, Map<String, String> more)
            throws Exception {
        RouterHarness harness = new RouterHarness(kafka, topics, data, more);
        harness.router.start();
        harness.awaitReady();
        return harness;
    }

    public void awaitReady() {
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> router.problems().isEmpty());
    }

    public JobRouter router() {
        return router;
    }

    public ServiceContext context() {
        return context;
    }

    /** Returns when the broker has the record. */
    public void submit(Job job) throws Exception {
        Sender.acknowledged(sender.job(job));
    }

    public void report(AttemptEvent event) throws Exception {
        Sender.acknowledged(sender.event(event));
    }

    public void command(Command command) throws Exception {
        Sender.acknowledged(sender.command(command));
    }

    public void send(String topic, String key, byte[] value) throws Exception {
        Sender.acknowledged(sender.raw(topic, key, value));
    }

    public HttpResponse<String> get(AccountId account, PredictionId id, String query) throws Exception {
        return get("/internal/predictions/" + account + "/" + id + query);
    }

    public HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path), HttpResponse.BodyHandlers.ofString());
    }

    /** A request with the installation's token. */
    public HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + router.port() + path))
                .header("authorization", "Bearer " + context.secret().sign("internal", "router"))
                .timeout(Duration.ofSeconds(90))
                .build();
    }

    public HttpClient http() {
        return http;
    }

    @Override
    public void close() throws Exception {
        sender.close();
        router.stop(Duration.ofSeconds(20));
        context.vertx().close().await(10, TimeUnit.SECONDS);
    }
}
