package dev.auspex.router.replay;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.ReplayOf;
import dev.auspex.protocol.replay.ReplayPosition;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.protocol.topic.ReplayHeaders;
import dev.auspex.protocol.topic.SnapshotHeaders;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be known before the first job is submitted, read from headers alone: which originals earlier replays have
 * taken, which ended predictions have a newer snapshot than that of their end, and which are dead letters. For one
 * thread.
 */
final class Survey {

    private static final Logger LOG = LoggerFactory.getLogger(Survey.class);
    /** How many ids of each kind are kept: some 32 MiB. */
    static final int MAX_IDS = 1_000_000;

    private final ReplayRequest request;
    private final Selection selection;
    private final IdSet replayed = new IdSet(MAX_IDS);
    /** Of which something was said after the end, once: that their data has been removed. */
    private final IdSet changed = new IdSet(MAX_IDS);
    private final DeadSurvey dead;

    private Survey(ReplayRequest request, DeadTopic topic) {
        this.request = request;
        this.dead = new DeadSurvey(request, topic);
        this.selection = new Selection(request.spec().filter());
    }

    /**
     * Reads everything.
     *
     * @param range the replay's whole range of snapshots
     * @param stop asked between records: whether to leave off, with a useless result
     * @throws ReplayRefusedException if it is too much to be kept
     */
    static Survey of(ReplayRequest request, ReplaySource source, List<ReplayPosition> range, BooleanSupplier stop) {
        Survey survey = new Survey(request, source.dead());
        try (RangeReader snapshots = source.allSnapshots(range)) {
            read(snapshots, survey::snapshot, stop);
        }
        try (RangeReader letters = source.deadJobs(request.spec().filter())) {
            read(letters, survey::letter, stop);
        }
        if (!request.spec().again()) {
            try (RangeReader jobs = source.submitted(request.spec().filter())) {
                read(jobs, survey::job, stop);
            }
        }
        return survey;
    }

    /** Whether an earlier replay has submitted the original again. */
    boolean isReplayed(PredictionId original) {
        return replayed.contains(original);
    }

    /** Whether a newer snapshot of an ended prediction replaces that of its end. */
    boolean hasChanged(PredictionId id) {
        return changed.contains(id);
    }

    /** What is known of dead letters. */
    DeadSurvey dead() {
        return dead;
    }

    private static void read(
            RangeReader reader, java.util.function.Consumer<ConsumerRecord<String, byte[]>> each, BooleanSupplier stop) {
        while (!reader.isDone() && !stop.getAsBoolean()) {
            ConsumerRecord<String, byte[]> record = reader.next();
            if (record != null) {
                each.accept(record);
            }
        }
    }

    // Every record of the range comes by here before the first job is submitted: no more of it is read than has to be.
    private void snapshot(ConsumerRecord<String, byte[]> record) {
        if (!SnapshotHeaders.belongsTo(request.account(), record.headers())) {
            return;
        }
        origin(record);
        dead.snapshot(record.key());
        if (SnapshotHeaders.isAfterTheEnd(record.headers()) && PredictionId.isValid(record.key())) {
            PredictionId id = new PredictionId(record.key());
            if (selection.inRange(id) && !changed.add(id)) {
                throw new ReplayRefusedException("more than " + MAX_IDS
                        + " predictions of the range have changed since they ended: narrow the range");
            }
        }
    }

    private void letter(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            job(record); // only the mark of one
        } else {
            dead.letter(record);
        }
    }

    private void job(ConsumerRecord<String, byte[]> record) {
        if (SnapshotHeaders.belongsTo(request.account(), record.headers())) {
            origin(record);
        }
    }

    private void origin(ConsumerRecord<String, byte[]> record) {
        try {
            ReplayHeaders.read(record.headers()).ifPresent(this::remember);
        } catch (IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("record with malformed headers passed over");
        }
    }

    private void remember(ReplayOf origin) {
        if (request.spec().again() || origin.replay().equals(request.id()) || !selection.inRange(origin.prediction())) {
            return;
        }
        if (!replayed.add(origin.prediction())) {
            throw new ReplayRefusedException("more than " + MAX_IDS
                    + " predictions of the range have been replayed before: narrow the range or say \"again\": true");
        }
    }
}
