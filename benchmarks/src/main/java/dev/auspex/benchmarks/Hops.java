package dev.auspex.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Where the time between submission and webhook goes: first by the times in the body, then by the topics. */
final class Hops {

    private final Map<String, Histogram> histograms = new LinkedHashMap<>();

    private Hops() {}

    /** The hops of everything that completed. @param watch closed; {@code null} if the topics were not read */
    static Map<String, Percentiles> of(Ledger ledger, @Nullable TopicWatch watch) {
        Hops hops = new Hops();
        ledger.byId().forEach((id, entry) -> {
            Arrival arrival = entry.first();
            if (arrival != null && entry.sentMicros() > 0) {
                hops.add(entry.sentMicros(), arrival.times());
                TopicWatch.Seen seen = watch == null ? null : watch.of(id);
                if (seen != null && seen.whole()) {
                    hops.add(entry.sentMicros(), seen, arrival.times().arrived());
                }
            }
        });
        Map<String, Percentiles> percentiles = new LinkedHashMap<>();
        hops.histograms.forEach((name, histogram) -> percentiles.put(name, Percentiles.of(histogram)));
        return percentiles;
    }

    private void add(long sent, Arrival.Times times) {
        if (times.created() > 0 && times.started() > 0 && times.completed() > 0) {
            add("sent → created_at", times.created() - sent);
            add("created_at → started_at", times.started() - times.created());
            add("started_at → completed_at", times.completed() - times.started());
            add("completed_at → webhook", times.arrived() - times.completed());
        }
    }

    private void add(long sent, TopicWatch.Seen seen, long arrived) {
        add("sent → job readable", seen.job() - sent);
        add("job → end event readable", seen.end() - seen.job());
        add("end event → snapshot committed", seen.snapshot() - seen.end());
        add("snapshot committed → webhook", arrived - seen.snapshot());
    }

    private void add(String name, long micros) {
        Percentiles.record(histograms.computeIfAbsent(name, ignored -> Percentiles.histogram()), micros);
    }
}
