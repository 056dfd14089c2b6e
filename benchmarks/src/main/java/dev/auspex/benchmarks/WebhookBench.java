package dev.auspex.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

    private static final long PATIENCE_SECONDS = 60;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(names = "--messages", defaultValue = "50000", description = "Messages of the throughput phase (${DEFAULT-VALUE}).")
    private int messages;

    @Mixin
    private OpenLoops loops = new OpenLoops();

    @Option(names = "--receivers", defaultValue = "20", description = "How many receivers (${DEFAULT-VALUE}).")
    private int receivers;

    @Option(names = "--hanging", split = ",", defaultValue = "0,20", description = "Percent of them that never answer, for each round (${DEFAULT-VALUE}).")
    private List<Integer> hanging = List.of();

    @Option(names = "--waiting", defaultValue = "0", description = "Messages that are to wait for a retry in another round, with what that does to the heap; 0 for none (${DEFAULT-VALUE}).")
    private int waiting;

    @Option(names = "--bytes", defaultValue = "1024", description = "Size of a body (${DEFAULT-VALUE}).")
    private int bytes;

    private boolean complete = true;

    @Override
    public Integer call() throws Exception {
        String launcher = launcher();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(false));
        try (OwnInstallation own = OwnInstallation.start(Path.of(launcher));
                WebhookMessages written = new WebhookMessages(own.kafka(), bytes)) {
            ProcessMeter meter = ProcessMeter.of(own.process().pid());
            for (int percent : hanging) {
                try (WebhookTargets targets =
                        WebhookTargets.start(vertx, receivers, receivers * percent / 100)) {
                    round(targets, written, meter);
                }
            }
            if (waiting > 0) {
                try (WebhookTargets targets = WebhookTargets.start(vertx, receivers, 0)) {
                    complete &= new WaitingRound(own, targets, written, this::print).run(waiting);
                    for (int rate : loops.rates()) {
                        openLoop(rate, targets, written, meter);
                    }
                }
            }
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
        return complete ? 0 : 1;
    }

    private String launcher() {
        try {
            Plan.check("--messages", messages, 0, 1_000_000);
            Plan.check("--waiting", waiting, 0, 2_000_000);
            loops.check();
            Plan.check("--receivers", receivers, 1, 200);
            Plan.check("--bytes", bytes, 64, 10_000_000);
            hanging.forEach(percent -> Plan.check("--hanging", percent, 0, 90));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
        String launcher = System.getenv("AUSPEX_LAUNCHER");
        if (launcher == null) {
            throw new ParameterException(spec.commandLine(), "run this as ./auspex bench webhooks");
        }
        return launcher;
    }

    private void round(WebhookTargets targets, WebhookMessages written, ProcessMeter meter)
            throws InterruptedException {
        print("%d receivers, %d of them hang", targets.count(), targets.hanging());
        if (targets.hanging() == 0 && messages > 0) {
            throughput("warm-up", targets, written, meter);
            throughput("throughput", targets, written, meter);
        }
        for (int rate : loops.rates()) {
            openLoop(rate, targets, written, meter);
        }
    }

    private void throughput(
            String title, WebhookTargets targets, WebhookMessages written, ProcessMeter meter)
            throws InterruptedException {
        targets.expect(messages);
        Duration before = meter.cpu();
        long begin = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            written.ended(targets.address(i % targets.count()));
        }
        written.flush();
        boolean all = targets.await(PATIENCE_SECONDS);
        double took = (System.nanoTime() - begin) / 1e9;
        report(title, targets, all, String.format(Locale.ROOT, "%,.0f deliveries/s, %.0f µs of CPU each (whole process)",
                messages / took, micros(meter.cpu().minus(before), messages)));
    }

    private void openLoop(
            int rate, WebhookTargets targets, WebhookMessages written, ProcessMeter meter)
            throws InterruptedException {
        int count = rate * loops.seconds();
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
            written.ended(targets.address(i % targets.count()));
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

    private static double micros(Duration cpu, int count) {
        return cpu.toNanos() / 1e3 / count;
    }

    private void print(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
