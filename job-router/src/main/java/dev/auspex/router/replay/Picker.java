package dev.auspex.router.replay;

import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
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
    private final DeadTopic dead;

    Picker(ReplayRequest request, Survey survey, JobRebuild rebuild, DeadTopic dead) {
        this.request = request;
        this.selection = new Selection(request.spec().filter());
        this.survey = survey;
        this.rebuild = rebuild;
        this.dead = dead;
    }

    /** The record as the newest word on an ended prediction of the account; {@code null} if it is not that. */
    @Nullable Candidate candidate(ConsumerRecord<String, byte[]> record) {
        return dead.holds(record) ? letter(record) : snapshot(record);
    }

    /** Whether a prediction is a dead letter, so that its replay has to be remembered for as long as that is kept. */
    boolean isDead(PredictionId id) {
        return survey.dead().isDead(id);
    }

    private @Nullable Candidate letter(ConsumerRecord<String, byte[]> record) {
        DeadJob found = survey.dead().isAllThatIsLeft(record) ? dead.read(record) : null;
        if (found == null) {
            return null;
        }
        Job job = found.job();
        SnapshotHeaders headers = new SnapshotHeaders(
                job.account(), 0, WebhookEvent.COMPLETED, PredictionStatus.FAILED, null, job.webhook(), job.hardware(),
                job.replayOf());
        return new Candidate(job.id(), headers, now -> Original.of(found, dead.isDataGone(found, now)));
    }

    private @Nullable Candidate snapshot(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null || !SnapshotHeaders.belongsTo(request.account(), record.headers())) {
            return null;
        }
        try {
            SnapshotHeaders headers = SnapshotHeaders.readFrom(record.headers());
            PredictionId id = new PredictionId(record.key());
            // The end is published once; what may be said later of an ended prediction is once and no webhook's business.
            boolean newest = headers.status().isTerminal()
                    && (headers.change() != WebhookEvent.COMPLETED || !survey.hasChanged(id));
            return newest ? new Candidate(id, headers, now -> Original.read(record.value())) : null;
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
            original = candidate.content().read(now);
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
