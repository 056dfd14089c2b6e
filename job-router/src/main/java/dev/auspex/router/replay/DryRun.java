package dev.auspex.router.replay;

import dev.auspex.protocol.replay.ReplayCounts;
import dev.auspex.protocol.replay.ReplayPosition;
import dev.auspex.protocol.replay.ReplayRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Does everything a replay does but submit, and says what would have come of it. For one thread. */
final class DryRun {

    private static final int SAMPLE = 10;
    /** Error texts differ in numbers and names: at most so many are told apart, the rest is counted together. */
    private static final int MAX_ERRORS = 100;
    private static final int ERROR_LENGTH = 200;
    private static final String OTHERS = "(others)";

    private final Map<String, Long> models = new TreeMap<>();
    private final Map<String, Long> statuses = new TreeMap<>();
    private final Map<String, Long> errors = new TreeMap<>();
    private final List<DryRunReport.Sample> samples = new ArrayList<>();
    private final Tally tally = new Tally(ReplayCounts.NONE);

    private DryRun() {}

    /** @param stop whether to leave off, with what has been counted until then */
    static DryRunReport of(
            ReplayRequest request, ReplaySource source, JobRebuild rebuild, Instant now, BooleanSupplier stop) {
        List<ReplayPosition> range = source.range(request.spec().filter());
        Picker picker = new Picker(request, Survey.of(request, source, range, stop), rebuild, source.dead());
        DryRun run = new DryRun();
        try (RangeReader reader = source.rest(range)) {
            while (!reader.isDone() && !stop.getAsBoolean()) {
                ConsumerRecord<String, byte[]> record = reader.next();
                Candidate candidate = record == null ? null : picker.candidate(record);
                if (candidate != null) {
                    run.count(candidate, picker.judge(candidate, now));
                }
            }
            return run.report(reader.isDone());
        }
    }

    private void count(Candidate candidate, Verdict verdict) {
        tally.count(verdict);
        switch (verdict) {
            case Verdict.Left() -> {}
            case Verdict.Skipped(var reason, var original) -> count(candidate, original);
            case Verdict.Taken taken -> {
                count(candidate, taken.original());
                if (samples.size() < SAMPLE) {
                    samples.add(new DryRunReport.Sample(
                            candidate.id(), taken.job().model(), taken.job().version(), taken.job().hardware(),
                            candidate.headers().status(), shortened(taken.original().error())));
                }
            }
        }
    }

    private void count(Candidate candidate, @Nullable Original original) {
        statuses.merge(candidate.headers().status().publicName(), 1L, Long::sum);
        if (original != null) {
            models.merge(original.model().toString(), 1L, Long::sum);
            String error = shortened(original.error());
            if (error != null) {
                String known = errors.containsKey(error) || errors.size() < MAX_ERRORS ? error : OTHERS;
                errors.merge(known, 1L, Long::sum);
            }
        }
    }

    private static @Nullable String shortened(@Nullable String error) {
        return error == null || error.length() <= ERROR_LENGTH ? error : error.substring(0, ERROR_LENGTH) + "…";
    }

    private DryRunReport report(boolean complete) {
        return new DryRunReport(tally.counts(), new DryRunReport.Groups(models, statuses, errors), samples, complete);
    }
}
