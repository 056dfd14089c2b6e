package dev.auspex.router.replay;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.protocol.replay.SkipReason;
import dev.auspex.protocol.topic.SnapshotHeaders;
import java.io.IOException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Decides record by record what a replay takes. The same for a dry run. For one thread. */
final class Picker {

    private final ReplayRequest request;
    private final Selection selection;
    private final Survey survey;
    private final JobRebuild rebuild;

    Picker(ReplayRequest request, Survey survey, JobRebuild rebuild) {
        this.request = request;
        this.selection = new Selection(request.spec().filter());
        this.survey = survey;
        this.rebuild = rebuild;
    }

    /** The record as the newest word on an ended prediction of the account; {@code null} if it is not that. */
    @Nullable Candidate candidate(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null || !SnapshotHeaders.belongsTo(request.account(), record.headers())) {
            return null;
        }
        try {
            SnapshotHeaders headers = SnapshotHeaders.readFrom(record.headers());
            PredictionId id = new PredictionId(record.key());
            // The end is published once; what may be said later of an ended prediction is once and no webhook's business.
            boolean newest = headers.status().isTerminal()
                    && (headers.change() != WebhookEvent.COMPLETED || !survey.hasChanged(id));
            return newest ? new Candidate(id, headers, record.value()) : null;
        } catch (IllegalArgumentException e) {
            return null; // nothing the router would write
        }
    }

    /** What becomes of it. @param now the creation time of its new prediction */
    Verdict judge(Candidate candidate, Instant now) {
        if (!selection.mayTake(candidate)) {
            return new Verdict.Left();
        }
        Original original;
        try {
            original = Original.read(candidate.body());
        } catch (IOException e) {
            return new Verdict.Skipped(SkipReason.UNREADABLE, null);
        }
        if (!selection.takes(original)) {
            return new Verdict.Left();
        }
        if (survey.isReplayed(candidate.id())) {
            return new Verdict.Skipped(SkipReason.ALREADY_REPLAYED, original);
        }
        return rebuild.rebuild(candidate, original, now);
    }
}
