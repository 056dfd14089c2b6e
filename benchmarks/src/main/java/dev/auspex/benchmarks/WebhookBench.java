package dev.auspex.benchmarks;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures the dispatcher alone: writes terminal snapshots into the topic of an Auspex of its own, as the router would, and
 * times their arrival at receivers, with all of them healthy and with some that hang. Exit code 1 if one did not arrive.
 */
@Command(
        name = "webhooks",
        mixinStandardHelpOptions = true,
        description = "Measures webhook delivery alone, with healthy and with hanging receivers.")
final class WebhookBench implements Callable<Integer> {

    private static final AccountId ACCOUNT = new AccountId("default");
    /** Of an installation with default settings, as far as names go. */
    private static final Topics TOPICS = new Topics(new TopicSettings(
            "auspex.", 4, (short) 1, Duration.ofDays(7), List.of(new HardwareClass("cpu"))));
    private static final long PATIENCE_SECONDS = 60;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(names = "--messages", defaultValue = "50000", description = "Messages of the throughput phase (${DEFAULT-VALUE}).")
    private int messages;

    @Option(names = "--rates", split = ",", defaultValue = "200,1000", description = "Messages per second of the open loops (${DEFAULT-VALUE}).")
    private List<Integer> rates = List.of();

    @Option(names = "--seconds", defaultValue = "20", description = "How long each open loop lasts (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--receivers", defaultValue = "20", description = "How many receivers (${DEFAULT-VALUE}).")
    private int receivers;

    @Option(names = "--hanging", split = ",", defaultValue = "0,20", description = "Percent of them that never answer, for each round (${DEFAULT-VALUE}).")
    private List<Integer> hanging = List.of();

    @Option(names = "--bytes", defaultValue = "1024", description = "Size of a body (${DEFAULT-VALUE}).")
    private int bytes;

    private final SecureRandom random = new SecureRandom();
    private byte[] body = {};
    private boolean complete = true;

    @Override
    public Integer call() throws Exception {
        Plan.check("--messages", messages, 0, 1_000_000);
        Plan.check("--seconds", seconds, 1, 600);
        Plan.check("--receivers", receivers, 1, 200);
        Plan.check("--bytes", bytes, 64, 10_000_000);
        hanging.forEach(percent -> Plan.check("--hanging", percent, 0, 90));
        String launcher = System.getenv("AUSPEX_LAUNCHER");
        if (launcher == null) {
            throw new IllegalArgumentException("run this as ./auspex bench webhooks");
        }
        body = ("{\"id\":\"\",\"status\":\"succeeded\",\"output\":\"" + "x".repeat(bytes) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(false));
        try (OwnInstallation own = OwnInstallation.start(Path.of(launcher));
                KafkaProducer<String, byte[]> producer = producer(own.kafka())) {
            ProcessMeter meter = ProcessMeter.of(own.process().pid());
            for (int percent : hanging) {
                try (WebhookTargets targets =
                        WebhookTargets.start(vertx, receivers, receivers * percent / 100)) {
                    round(targets, producer, meter);
                }
            }
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
        return complete ? 0 : 1;
    }

    private void round(WebhookTargets targets, KafkaProducer<String, byte[]> producer, ProcessMeter meter)
            throws InterruptedException {
        print("%d receivers, %d of them hang", targets.count(), targets.hanging());
        if (targets.hanging() == 0 && messages > 0) {
            throughput("warm-up", targets, producer, meter);
            throughput("throughput", targets, producer, meter);
        }
        for (int rate : rates) {
            openLoop(rate, targets, producer, meter);
        }
    }

    private void throughput(
            String title, WebhookTargets targets, KafkaProducer<String, byte[]> producer, ProcessMeter meter)
            throws InterruptedException {
        targets.expect(messages);
        Duration before = meter.cpu();
        long begin = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            write(producer, targets, i % targets.count(), i);
        }
        producer.flush();
        boolean all = targets.await(PATIENCE_SECONDS);
        double took = (System.nanoTime() - begin) / 1e9;
        report(title, targets, all, String.format(Locale.ROOT, "%,.0f deliveries/s, %.0f µs of CPU each (whole process)",
                messages / took, micros(meter.cpu().minus(before), messages)));
    }

    private void openLoop(
            int rate, WebhookTargets targets, KafkaProducer<String, byte[]> producer, ProcessMeter meter)
            throws InterruptedException {
        int count = rate * seconds;
        int healthy = 0;
        for (int i = 0; i < count; i++) {
            healthy += i % targets.count() >= targets.hanging() ? 1 : 0;
        }
        targets.expect(healthy);
        Duration before = meter.cpu();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = begin + i * 1_000_000_000L / rate;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            write(producer, targets, i % targets.count(), i);
        }
        boolean all = targets.await(PATIENCE_SECONDS);
        report(String.format(Locale.ROOT, "%,d/s", rate), targets, all, String.format(
                Locale.ROOT, "%.0f µs of CPU each (whole process)", micros(meter.cpu().minus(before), count)));
    }

    private void report(String title, WebhookTargets targets, boolean all, String more) {
        complete &= all;
        print("  %-11s snapshot to receiver p50 / p99 / max ms: %s; %s; %d repeated%s",
                title, targets.latencies().text(), more, targets.repeated(),
                all ? "" : "; " + targets.missing() + " DID NOT ARRIVE");
    }

    private void write(KafkaProducer<String, byte[]> producer, WebhookTargets targets, int receiver, int number) {
        PredictionId id = PredictionId.create(Instant.now(), random);
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(TOPICS.predictions(), id.value(), body);
        String address = targets.address(receiver, id.value() + "-" + number);
        new SnapshotHeaders(
                        ACCOUNT, 1, WebhookEvent.COMPLETED, PredictionStatus.SUCCEEDED, null,
                        new Webhook(address, List.of(WebhookEvent.COMPLETED)))
                .writeTo(record.headers());
        producer.send(record);
    }

    private static KafkaProducer<String, byte[]> producer(String servers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", Loopback.servers(servers), "linger.ms", 1, "acks", "all", "client.id", "benchmark"),
                new StringSerializer(), new ByteArraySerializer());
    }

    private static double micros(Duration cpu, int count) {
        return cpu.toNanos() / 1e3 / count;
    }

    private void print(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
