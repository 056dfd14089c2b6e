package dev.auspex.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Fills the retry scheduler with messages whose next attempt is hours away, looks at the server's heap on the way, and then
 * times a few that fall due among them.
 */
final class WaitingRound {

    /** Where lines of the result go, as of {@link String#format}. */
    @FunctionalInterface
    interface Report {
        void print(String format, Object... arguments);
    }

    private static final String GAUGE = "auspex_webhook_pending";
    private static final int STEPS = 4;
    private static final int DUE = 500;
    private static final int DUE_PER_SECOND = 200;
    private static final Duration UNTIL_DUE = Duration.ofSeconds(3);
    private static final Duration FAR_AWAY = Duration.ofHours(12);
    /** However slow a machine is, some are taken in within this time. */
    private static final Duration STANDSTILL = Duration.ofMinutes(1);
    private static final long PATIENCE_SECONDS = 30;

    private final ServerProbe probe;
    private final WebhookTargets targets;
    private final WebhookMessages messages;
    private final Report report;

    WaitingRound(OwnInstallation own, WebhookTargets targets, WebhookMessages messages, Report report) {
        this.probe = new ServerProbe(own);
        this.targets = targets;
        this.messages = messages;
        this.report = report;
    }

    /** @return whether all came that were due, and none that was not */
    boolean run(int count) throws IOException, InterruptedException {
        report.print("messages that wait for a retry");
        long begin = System.nanoTime();
        long before = waiting();
        show(before);
        int written = 0;
        for (int step = 1; step <= STEPS; step++) {
            for (; written < (long) count * step / STEPS; written++) {
                messages.failed("http://127.0.0.1:9/never", Instant.now().plus(FAR_AWAY).plusMillis(written));
            }
            messages.flush();
            awaitWaiting(before + written);
            show(waiting());
        }
        report.print("  filled in %.0f s", (System.nanoTime() - begin) / 1e9);
        return due();
    }

    private boolean due() throws InterruptedException {
        targets.expect(DUE);
        Instant first = Instant.now().plus(UNTIL_DUE);
        long firstNanos = System.nanoTime() + UNTIL_DUE.toNanos();
        for (int i = 0; i < DUE; i++) {
            long after = i * 1_000_000_000L / DUE_PER_SECOND;
            messages.failed(targets.address(i % targets.count(), firstNanos + after), first.plusNanos(after));
        }
        boolean all = targets.await(PATIENCE_SECONDS);
        long early = targets.repeated();
        report.print("  %d due among them, %d/s: from its time to the receiver p50 / p99 / max ms: %s%s", DUE, DUE_PER_SECOND,
                targets.latencies().text(), all && early == 0 ? "" : "; " + targets.missing() + " DID NOT ARRIVE");
        return all && early == 0;
    }

    private void show(long waiting) throws IOException, InterruptedException {
        report.print("  %,9d wait: %,d MB of live heap, %,d MB resident (whole process)", waiting, probe.liveHeap() >> 20,
                probe.resident() >> 20);
    }

    private void awaitWaiting(long count) throws IOException, InterruptedException {
        long most = 0;
        long since = System.nanoTime();
        for (long now = waiting(); now < count; now = waiting()) {
            if (now > most) {
                most = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > STANDSTILL.toNanos()) {
                throw new IOException("only " + now + " of " + count + " messages wait, and none more since " + STANDSTILL);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private long waiting() throws IOException, InterruptedException {
        return probe.metric(GAUGE);
    }
}
