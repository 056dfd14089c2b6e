package dev.auspex.executor.app;

import dev.auspex.broker.EmbeddedBroker;
import dev.auspex.executor.kafka.SlotGroup;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicInstaller;
import io.micrometer.core.instrument.Counter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Drains a queue of no-op jobs in each gear and prints jobs per second and where the CPU time went. Arguments: slots,
 * jobs in single gear, jobs in batch gear.
 */
final class GearBench {

    private GearBench() {}

    public static void main(String[] args) throws Exception {
        int slots = args.length > 0 ? Integer.parseInt(args[0]) : 2;
        int single = args.length > 1 ? Integer.parseInt(args[1]) : 5_000;
        int batch = args.length > 2 ? Integer.parseInt(args[2]) : 50_000;
        Path folder = Files.createTempDirectory("gear-bench");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            KafkaClients kafka = new KafkaClients(broker.bootstrapServers());
            run("warm", kafka, folder, slots, SlotGroup.BATCH, batch / 2);
            run("warm-single", kafka, folder, slots, 1, single / 2);
            run("single", kafka, folder, slots, 1, single);
            run("batch", kafka, folder, slots, SlotGroup.BATCH, batch);
        }
        System.exit(0);
    }

    private static void run(String name, KafkaClients kafka, Path folder, int slots, int batch, int jobs)
            throws Exception {
        Topics topics = new Topics(new TopicSettings(
                name + ".", 4, (short) 1, Duration.ofDays(1), List.of(new HardwareClass("cpu"))));
        new TopicInstaller(kafka, topics).start();
        try (ExecutorHarness harness = new ExecutorHarness(kafka, topics, folder.resolve(name))) {
            for (int i = 0; i < jobs; i++) {
                Job job = harness.job("echo", ExecutorHarness.echo("hello", 0, 0));
                harness.submit(job);
            }
            harness.producer.flush();
            GpuExecutor executor = harness.start(
                    Map.of("executor.slots", Integer.toString(slots), "executor.lock", "15s"), batch);
            int skip = jobs / 5; // joining, compiling and shifting up
            while (done(harness) < skip) {
                LockSupport.parkNanos(1_000_000);
            }
            Map<String, Long> cpuBefore = cpuByRole();
            double from = done(harness);
            long start = System.nanoTime();
            while (done(harness) < jobs) {
                LockSupport.parkNanos(1_000_000);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double measured = jobs - from;
            System.out.printf("%-10s slots=%d jobs=%.0f %.0f jobs/s; CPU µs per job:", name, slots, measured, measured / seconds);
            cpuByRole().forEach((role, nanos) -> System.out.printf(
                    " %s=%.0f", role, (nanos - cpuBefore.getOrDefault(role, 0L)) / 1e3 / measured));
            System.out.println();
            idle(name);
            harness.stop(executor, Duration.ofSeconds(5));
        }
    }

    // What an executor with nothing to do costs, broker included.
    private static void idle(String name) {
        Map<String, Long> before = cpuByRole();
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        System.out.printf("%-10s idle, CPU ms per second:", name);
        cpuByRole().forEach((role, nanos) ->
                System.out.printf(" %s=%.1f", role, (nanos - before.getOrDefault(role, 0L)) / 1e7));
        System.out.println();
    }

    private static double done(ExecutorHarness harness) {
        return harness.metrics().find("auspex.executor.attempts").counters().stream().mapToDouble(Counter::count).sum();
    }

    private static Map<String, Long> cpuByRole() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Long> byRole = new TreeMap<>();
        for (var info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null) {
                long cpu = threads.getThreadCpuTime(info.getThreadId());
                byRole.merge(role(info.getThreadName()), cpu, Long::sum);
                byRole.merge("ALL", cpu, Long::sum);
            }
        }
        return byRole;
    }

    private static String role(String thread) {
        if (thread.startsWith("slot-")) {
            return "poll";
        } else if (thread.startsWith("work-")) {
            return "work";
        } else if (thread.contains("producer-network")) {
            return "producer";
        } else if (thread.contains("background") || thread.contains("consumer_")) {
            return "consumer";
        } else if (thread.startsWith("data-plane") || thread.contains("kafka-request") || thread.contains("group-coordinator")
                || thread.contains("share") || thread.contains("persister")) {
            return "broker";
        } else if (thread.startsWith("tail-")) {
            return "tail";
        }
        return "other";
    }
}
