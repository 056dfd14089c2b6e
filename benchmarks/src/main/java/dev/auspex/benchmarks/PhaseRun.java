package dev.auspex.benchmarks;

import dev.auspex.benchmarks.PhaseReport.Cost;
import dev.auspex.benchmarks.PhaseReport.Latency;
import dev.auspex.benchmarks.PhaseReport.Speed;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What is measured while a phase runs. Histograms belong to the event loop until the phase is over. */
final class PhaseRun {

    /** The driver's and the server's use at one moment. @param server {@code null} if its process is not known */
    record Usage(long nanos, Duration driver, @Nullable Duration server) {
        static Usage now(@Nullable ProcessMeter server) {
            return new Usage(
                    System.nanoTime(), ProcessMeter.self().cpu(), server == null ? null : server.cpu());
        }
    }

    private final Phase phase;
    private final Ledger ledger;
    private final Histogram submit = Percentiles.histogram();
    private final Histogram late = Percentiles.histogram();
    private final Usage begin;
    private long answeredNanos;
    private @Nullable Cost cost;
    private Map<String, Percentiles> hops = Map.of();

    PhaseRun(Phase phase, Usage begin) {
        this.phase = phase;
        this.ledger = new Ledger(phase.count());
        this.begin = begin;
    }

    Phase phase() {
        return phase;
    }

    Ledger ledger() {
        return ledger;
    }

    /** A submission goes out. */
    void sent(long intendedNanos) {
        Percentiles.record(late, (System.nanoTime() - intendedNanos) / 1000);
    }

    /** The API took it. */
    void accepted(long intendedNanos) {
        Percentiles.record(submit, (System.nanoTime() - intendedNanos) / 1000);
    }

    /** Every submission has its answer. */
    void answeredAll() {
        answeredNanos = System.nanoTime();
    }

    /** The phase is over. */
    void end(Usage end, @Nullable ProcessMeter server, @Nullable TopicWatch watch) {
        double predictions = phase.count();
        Double serverMillis = end.server() == null || begin.server() == null
                ? null
                : end.server().minus(begin.server()).toNanos() / 1e6 / predictions;
        cost = new Cost(
                serverMillis,
                end.driver().minus(begin.driver()).toNanos() / 1e6 / predictions,
                server == null ? null : server.residentBytes());
        hops = phase.webhooks() ? Hops.of(ledger, watch) : Map.of();
    }

    /** The figures; to be asked for at the very end, when late duplicates are in. */
    PhaseReport report() {
        Tally tally = ledger.tally();
        Histogram webhook = Percentiles.histogram();
        long last = begin.nanos();
        for (Ledger.Entry entry : ledger.entries()) {
            Arrival arrival = entry.first();
            if (arrival != null && entry.sentMicros() > 0) {
                Percentiles.record(webhook, entry.cycleNanos() / 1000);
                last = Math.max(last, arrival.nanos());
            }
        }
        return new PhaseReport(
                phase.title(),
                phase.webhooks() ? tally : tally.withoutWebhooks(),
                new Speed(
                        perSecond(tally.accepted(), answeredNanos), phase.webhooks() ? perSecond(tally.completed(), last) : 0),
                new Latency(Percentiles.of(submit), Percentiles.of(webhook), Percentiles.of(late), hops),
                Objects.requireNonNull(cost, "the phase is not over"),
                ledger.firstRefusal());
    }

    private double perSecond(int count, long end) {
        return count == 0 ? 0 : count * 1e9 / (end - begin.nanos());
    }
}
