package dev.auspex.router.bench;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.Samples;
import dev.auspex.runtime.kafka.KafkaClients;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** Predictions that are submitted and end at once, and a reader of what the router makes of them. */
final class BenchLoad implements AutoCloseable {

    private static final Webhook WEBHOOK = new Webhook("http://127.0.0.1:9/hook", null);

    private final Topics topics;
    private final Random random = new Random(1);
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
    private final List<Long> latencies = java.util.Collections.synchronizedList(new ArrayList<>());
    private final Thread reader;
    private volatile boolean stopped;
    private volatile int completed;
    private volatile long lastCompletedAt;
    private volatile long firstCompletedAt;

    BenchLoad(KafkaClients kafka, Topics topics) {
        this.topics = topics;
        this.producer = kafka.producer("bench", Map.of(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1));
        KafkaConsumer<String, byte[]> consumer = kafka.consumer("bench", Map.of());
        this.reader = Thread.ofPlatform().name("bench-reader").daemon().start(() -> read(consumer));
    }

    /** Sorted latencies in nanoseconds. */
    long[] atRate(int rate, int seconds) {
        latencies.clear();
        int count = rate * seconds;
        int before = completed;
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = begin + i * 1_000_000_000L / rate;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            one();
        }
        await(before + count);
        return latencies.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    void produce(int count) {
        for (int i = 0; i < count; i++) {
            one();
        }
        producer.flush();
    }

    /** Waits for so many more ends. @return how many a second, from the first to the last */
    double drain(int count) {
        int before = completed;
        firstCompletedAt = 0;
        await(before + count);
        return count / ((lastCompletedAt - firstCompletedAt) / 1e9);
    }

    static long streamThreadNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().contains("StreamThread"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(threads::getThreadCpuTime)
                .sum();
    }

    private void one() {
        Instant now = Instant.now();
        PredictionId id = PredictionId.create(now, random);
        Job job = Samples.job(Samples.ACCOUNT, id, now, WEBHOOK);
        AttemptEvent end = new AttemptEvent(
                id, Samples.ACCOUNT, Samples.attempt(1), Samples.EXECUTOR, now, Samples.succeeded(now, "hello"));
        producer.send(new ProducerRecord<>(topics.jobs(job.hardware()), id.value(), Serdes.JOB.serialize(job)));
        sentAt.put(id.value(), System.nanoTime());
        producer.send(new ProducerRecord<>(topics.events(), id.value(), Serdes.EVENT.serialize(end)));
    }

    private void await(int target) {
        while (completed < target) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void read(KafkaConsumer<String, byte[]> consumer) {
        try (consumer) {
            List<TopicPartition> all = IntStream.range(0, topics.settings().partitions())
                    .mapToObj(partition -> new TopicPartition(topics.predictions(), partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (!stopped) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    Header change = record.headers().lastHeader("change");
                    if (change != null && "completed".equals(new String(change.value(), StandardCharsets.UTF_8))) {
                        completed(record.key());
                    }
                }
            }
        }
    }

    private void completed(String id) {
        long now = System.nanoTime();
        Long sent = sentAt.remove(id);
        if (sent != null) {
            latencies.add(now - sent);
        }
        if (firstCompletedAt == 0) {
            firstCompletedAt = now;
        }
        lastCompletedAt = now;
        completed++;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        reader.join(Duration.ofSeconds(2));
        producer.close(Duration.ofSeconds(2));
    }
}
