package dev.auspex.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What a long queue does: submissions at a fixed rate before and after so many jobs wait, the heap and the memory as they
 * come to wait, and how steadily they are run when the workers are free. Jobs that run until they are canceled hold the
 * workers meanwhile; those that wait are written to the topic as a gateway writes them.
 */
@Command(name = "queue", mixinStandardHelpOptions = true, description = "Measures an Auspex with a long queue.")
final class QueueBench implements Callable<Integer> {

    private static final String MODEL = "auspex/echo";
    private static final HardwareClass CPU = new HardwareClass("cpu");
    private static final String COMPLETED = "auspex_predictions_completed_total";
    private static final String FREE_SLOTS = "auspex_executor_slots{state=\"free\"}";
    /** A queue is in Kafka and on the router's disk: once buffers are full, at a quarter of it, the heap is the same. */
    private static final long MOST_GROWTH = 32L << 20;
    private static final int STEPS = 4;
    private static final int HOLDERS = 16;
    private static final int CONNECTIONS = 64;
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Driver.Limits LIMITS = new Driver.Limits(Duration.ofSeconds(60), Duration.ofMinutes(10));

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(names = "--count", defaultValue = "200000", description = "How many jobs are to wait (${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--warmup", defaultValue = "20000", description = "Predictions before anything else (${DEFAULT-VALUE}).")
    private int warmup;

    @Option(names = "--rate", defaultValue = "200", description = "Submissions per second (${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--seconds", defaultValue = "20", description = "How long they last (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--drain", defaultValue = "120", description = "Seconds of the drain that are looked at (${DEFAULT-VALUE}).")
    private int drain;

    @Override
    public Integer call() throws Exception {
        try (OwnInstallation own = OwnInstallation.start(Path.of(launcher()))) {
            String token = Files.readString(own.tokenFile()).strip();
            Target target = new Target(
                    own.url(), token, MODEL, MODEL, Json.object().put("text", "hello"), ProcessMeter.of(own.process().pid()));
            try (Driver driver = new Driver(target, LIMITS)) {
                return measure(own, driver);
            }
        }
    }

    private String launcher() {
        try {
            Plan.check("--count", count, STEPS, 2_000_000);
            Plan.check("--warmup", warmup, 0, 1_000_000);
            Plan.check("--rate", rate, 1, 10_000);
            Plan.check("--seconds", seconds, 1, 600);
            Plan.check("--drain", drain, 4, 3_600);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
        String launcher = System.getenv("AUSPEX_LAUNCHER");
        if (launcher == null) {
            throw new ParameterException(spec.commandLine(), "run this as ./auspex bench queue");
        }
        return launcher;
    }

    private int measure(OwnInstallation own, Driver driver) throws Exception {
        ServerProbe probe = new ServerProbe(own);
        List<PhaseRun> runs = new ArrayList<>();
        if (warmup > 0) {
            runs.add(driver.run(new Phase.ClosedLoop("warm-up", warmup, CONNECTIONS), null));
        }
        List<String> holders = hold(probe);
        long unused = show(probe, 0);
        runs.add(driver.run(new Phase.OpenSubmits("no queue", rate, seconds), null));
        long grown = fill(own, probe);
        runs.add(driver.run(new Phase.OpenSubmits("long queue", rate, seconds), null));
        Report report = driver.report(runs, Instant.now());
        for (PhaseReport phase : report.phases()) {
            print("%-10s submit → 2xx p50 / p99 / max ms: %s", phase.title(), phase.latency().submit().text());
        }
        for (String holder : holders) {
            probe.ask("/v1/predictions/" + holder + "/cancel", "{}");
        }
        boolean drains = drain(probe);
        if (grown > MOST_GROWTH) {
            print("NOT CLEAN: from the first quarter on the heap grew by %,d MB", grown >> 20);
        }
        return report.clean() && drains && grown <= MOST_GROWTH ? 0 : 1;
    }

    // Enough for every slot; what is too many waits in front of the rest and is canceled there.
    private List<String> hold(ServerProbe probe) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < HOLDERS; i++) {
            JsonNode made = probe.ask("/v1/models/" + MODEL + "/predictions",
                    "{\"input\":{\"text\":\"hold\",\"seconds\":3600}}");
            ids.add(made.path("id").asText());
        }
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (probe.metric(FREE_SLOTS) > 0) {
            await(deadline, "the workers are not busy");
        }
        return ids;
    }

    // Returns by how much the live heap grew from the first quarter to the last.
    private long fill(OwnInstallation own, ServerProbe probe) throws Exception {
        JsonNode model = probe.ask("/v1/models/" + MODEL, null);
        MadeJobs jobs = new MadeJobs(
                ModelName.of(MODEL), new VersionId(model.at("/latest_version/id").asText()), CPU, "hello", new Random(1));
        Topics topics = jobs.topics();
        try (KafkaProducer<String, byte[]> producer = MadeJobs.producer(own.kafka());
                Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, own.kafka()))) {
            int written = 0;
            long first = 0;
            long heap = 0;
            for (int step = 1; step <= STEPS; step++) {
                long begin = System.nanoTime();
                int before = written;
                for (; written < (long) count * step / STEPS; written++) {
                    Job job = jobs.job(Instant.now());
                    producer.send(new ProducerRecord<>(topics.jobs(CPU), job.id().value(), Serdes.JOB.serialize(job)));
                }
                producer.flush();
                awaitRouter(admin, topics);
                print("  taken in by the router at %,.0f/s", (written - before) * 1e9 / (System.nanoTime() - begin));
                heap = show(probe, written);
                first = step == 1 ? heap : first;
            }
            return heap - first;
        }
    }

    // Until the router has read every job that is there.
    private static void awaitRouter(Admin admin, Topics topics) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        long lag = 1;
        while (lag > 0) {
            Map<TopicPartition, OffsetAndMetadata> read =
                    admin.listConsumerGroupOffsets(topics.group("router")).partitionsToOffsetAndMetadata().get();
            lag = 0;
            for (int partition = 0; partition < topics.settings().partitions(); partition++) {
                TopicPartition each = new TopicPartition(topics.jobs(CPU), partition);
                OffsetAndMetadata at = read.get(each);
                long end = admin.listOffsets(Map.of(each, OffsetSpec.latest())).partitionResult(each).get().offset();
                lag += end - (at == null ? 0 : at.offset());
            }
            if (lag > 0) {
                await(deadline, "the router has not read the jobs");
            }
        }
    }

    // A rate for each part of the time, so that one sees whether it stays the same.
    private boolean drain(ServerProbe probe) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        long first = probe.metric(COMPLETED);
        List<Double> rates = new ArrayList<>();
        long last = first;
        for (int part = 0; part < STEPS && last - first < count; part++) {
            long from = System.nanoTime();
            long before = last;
            TimeUnit.MILLISECONDS.sleep(drain * 1000L / STEPS);
            last = probe.metric(COMPLETED);
            rates.add((last - before) * 1e9 / (System.nanoTime() - from));
        }
        print("drain: %s predictions/s, one figure for each %d s", rates.stream()
                .map(each -> String.format(Locale.ROOT, "%,.0f", each)).toList(), drain / STEPS);
        print("  %,d ended in %.0f s", last - first, (System.nanoTime() - begin) / 1e9);
        long unused = show(probe, Math.max(0, count - (last - first)));
        return last > first;
    }

    /** @return the bytes of live heap */
    private long show(ServerProbe probe, long waiting) throws IOException, InterruptedException {
        long heap = probe.liveHeap();
        print("  %,9d wait: %,d MB of live heap, %,d MB resident (whole process)", waiting, heap >> 20,
                probe.resident() >> 20);
        return heap;
    }

    private static void await(long deadline, String what) throws IOException, InterruptedException {
        if (System.nanoTime() > deadline) {
            throw new IOException(what + " after " + LIMIT);
        }
        TimeUnit.MILLISECONDS.sleep(200);
    }

    private void print(String format, Object... arguments) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, format, arguments));
        spec.commandLine().getOut().flush();
    }
}
