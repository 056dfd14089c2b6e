package dev.auspex.dispatcher.bench;

import dev.auspex.broker.EmbeddedBroker;
import dev.auspex.dispatcher.testing.DispatcherUnderTest;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicInstaller;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * How many webhooks one dispatcher delivers, and how late. Broker, dispatcher and receiver share this JVM, so the CPU time
 * of their threads is shown apart. Arguments: messages of the throughput run, share of hanging receivers in percent.
 */
public final class DeliveryBenchmark {

    private static final int BODY_BYTES = 1024;
    private static final int RECEIVERS = 20;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Topics topics = new Topics(new TopicSettings(
            "bench.", 4, (short) 1, Duration.ofDays(1), List.of(new HardwareClass("cpu"))));
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, Long> sentAt = new java.util.concurrent.ConcurrentHashMap<>();
    private final int[] ports = new int[RECEIVERS];
    private volatile long[] latencies = new long[0];
    private volatile CountDownLatch left = new CountDownLatch(0);
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();
    private final int hanging;

    private DeliveryBenchmark(KafkaClients kafka, Vertx receivers, int hangingPercent) {
        producer = kafka.producer("bench", Map.of("linger.ms", 1));
        hanging = RECEIVERS * hangingPercent / 100;
        for (int i = 0; i < RECEIVERS; i++) {
            boolean hangs = i < hanging;
            ports[i] = receivers.createHttpServer()
                    .requestHandler(request -> request.endHandler(end -> {
                        if (!hangs) {
                            received(request.getParam("id"));
                            request.response().end();
                        }
                    }))
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
        }
    }

    private void received(String prediction) {
        Long at = sentAt.remove(prediction);
        if (at == null) {
            repeated.incrementAndGet();
        } else {
            latencies[next.getAndIncrement()] = System.nanoTime() - at;
            left.countDown();
        }
    }

    /** @param args messages, percent of hanging receivers */
    public static void main(String[] args) throws Exception {
        int messages = args.length > 0 ? Integer.parseInt(args[0]) : 50_000;
        int hangingPercent = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        Path data = Files.createTempDirectory("dispatcher-bench");
        Vertx vertx = Vertx.vertx();
        Vertx receivers = Vertx.vertx(new io.vertx.core.VertxOptions().setEventLoopPoolSize(1));
        try (EmbeddedBroker broker = EmbeddedBroker.start(data.resolve("kafka"))) {
            KafkaClients kafka = new KafkaClients(broker.bootstrapServers());
            DeliveryBenchmark bench = new DeliveryBenchmark(kafka, receivers, hangingPercent);
            new TopicInstaller(kafka, bench.topics).start();
            DispatcherUnderTest dispatcher = new DispatcherUnderTest(
                    kafka, bench.topics, vertx, data, List.of("127.0.0.0/8"), Map.of());
            bench.throughput("warm-up", messages / 2);
            bench.throughput("throughput", messages);
            bench.throughput("throughput", messages);
            bench.openLoop(200, 10);
            bench.openLoop(1000, 10);
            dispatcher.close();
        }
        System.exit(0);
    }

    private void expect(int count) {
        latencies = new long[count];
        next.set(0);
        left = new CountDownLatch(count);
    }

    private void throughput(String name, int messages) throws Exception {
        expect(messages);
        Map<String, Long> before = cpu();
        long begin = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            send(hanging + i % (RECEIVERS - hanging));
        }
        producer.flush();
        long produced = System.nanoTime();
        left.await();
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf("%s: %d deliveries in %.2f s (produced in %.2f s): %.0f/s, %d repeated%n",
                name, messages, seconds, (produced - begin) / 1e9, messages / seconds, repeated.getAndSet(0));
        showCpu(before, messages);
    }

    private void openLoop(int perSecond, int seconds) throws Exception {
        int toHanging = perSecond * seconds * hanging / RECEIVERS;
        expect(perSecond * seconds - toHanging);
        Map<String, Long> before = cpu();
        long begin = System.nanoTime();
        int sent = 0;
        for (int i = 0; i < perSecond * seconds; i++) {
            long due = begin + i * 1_000_000_000L / perSecond;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            send(i % RECEIVERS);
            sent++;
        }
        boolean all = left.await(30, java.util.concurrent.TimeUnit.SECONDS);
        long[] sorted = latencies.clone();
        Arrays.sort(sorted);
        int count = sorted.length;
        System.out.printf("%d/s, %d of %d receivers hang, %d sent, all healthy ones delivered: %s; snapshot to receiver ms: "
                        + "p50 %.1f p99 %.1f max %.1f%n",
                perSecond, hanging, RECEIVERS, sent, all,
                sorted[count / 2] / 1e6, sorted[count * 99 / 100] / 1e6, sorted[count - 1] / 1e6);
        showCpu(before, sent);
    }

    private void send(int receiver) {
        PredictionId id = PredictionId.create(Instant.now(), RANDOM);
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topics.predictions(), id.value(), new byte[BODY_BYTES]);
        new SnapshotHeaders(new AccountId("acme"), 3, WebhookEvent.COMPLETED, PredictionStatus.SUCCEEDED, null,
                        new Webhook("http://127.0.0.1:" + ports[receiver] + "/hook?id=" + id.value(), null))
                .writeTo(record.headers());
        sentAt.put(id.value(), System.nanoTime());
        producer.send(record);
    }

    private static Map<String, Long> cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Long> times = new HashMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) {
                String name = thread.getThreadName().replaceAll("[-0-9a-f]{36}", "").replaceAll("\\d+", "#");
                times.merge(name, threads.getThreadCpuTime(thread.getThreadId()), Long::sum);
            }
        }
        return times;
    }

    private static void showCpu(Map<String, Long> before, int messages) {
        Map<Long, String> top = new TreeMap<>(java.util.Comparator.reverseOrder());
        cpu().forEach((name, time) -> top.put(time - before.getOrDefault(name, 0L), name));
        top.entrySet().stream().limit(9).forEach(entry -> System.out.printf(
                "    %7.1f us CPU per delivery  %s%n", entry.getKey() / 1e3 / messages, entry.getValue()));
    }
}
