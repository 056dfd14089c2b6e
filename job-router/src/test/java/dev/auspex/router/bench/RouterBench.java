package dev.auspex.router.bench;

import dev.auspex.broker.EmbeddedBroker;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.router.app.JobRouter;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicInstaller;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the commit interval costs, on the real topology and a real broker in this JVM: run it by hand, it is no test.
 *
 * <p>For each interval: the time from an attempt's end being handed to the producer until a read-committed reader has the
 * completed snapshot, at a fixed rate; then how fast a backlog is worked off. Arguments: rate per second, seconds,
 * backlog, intervals in milliseconds separated by commas.
 */
public final class RouterBench {

    private static final HardwareClass CPU = new HardwareClass("cpu");

    private RouterBench() {}

    /** Prints one line for each interval. */
    public static void main(String[] args) throws Exception {
        int rate = Integer.parseInt(args[0]);
        int seconds = Integer.parseInt(args[1]);
        int backlog = Integer.parseInt(args[2]);
        Path folder = Files.createTempDirectory("router-bench");
        System.out.println("commit ms |   p50 ms   p90 ms   p99 ms   max ms | backlog/s | stream thread µs per prediction");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            KafkaClients kafka = new KafkaClients(broker.bootstrapServers());
            int run = 0;
            for (String interval : args[3].split(",")) {
                run(kafka, folder, "bench" + run++ + ".", interval, rate, seconds, backlog);
            }
        }
        System.exit(0);
    }

    private static void run(
            KafkaClients kafka, Path folder, String prefix, String interval, int rate, int seconds, int backlog)
            throws Exception {
        Topics topics = new Topics(new TopicSettings(
                prefix, 4, (short) 1, Duration.ofDays(7), List.of(CPU, new HardwareClass("gpu-h100"))));
        new TopicInstaller(kafka, topics).start();
        Settings settings = Settings.of(RouterHarness.settings(
                kafka, topics, folder.resolve(prefix), Map.of("router.commit.interval", interval + "ms")));
        ServiceContext context = ServiceContext.create(settings);
        JobRouter router = new JobRouter(context);
        try (BenchLoad load = new BenchLoad(kafka, topics)) {
            router.start();
            load.atRate(rate, 3); // warm
            long[] latencies = load.atRate(rate, seconds);
            router.stop(Duration.ofSeconds(20));
            load.produce(backlog);
            JobRouter again = new JobRouter(context);
            long cpuBefore = BenchLoad.streamThreadNanos();
            again.start();
            double perSecond = load.drain(backlog);
            double cpu = (BenchLoad.streamThreadNanos() - cpuBefore) / 1e3 / backlog;
            System.out.printf("%9s | %8.1f %8.1f %8.1f %8.1f | %9.0f | %.1f%n",
                    interval, at(latencies, 0.5), at(latencies, 0.9), at(latencies, 0.99), at(latencies, 1.0),
                    perSecond, cpu);
            again.stop(Duration.ofSeconds(20));
        } finally {
            context.vertx().close().await();
        }
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] / 1e6;
    }
}
