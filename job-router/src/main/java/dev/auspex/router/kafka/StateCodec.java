package dev.auspex.router.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.domain.Attempts;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.Result;
import dev.auspex.router.domain.Round;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How a state is kept in the store and in its changelog. A released form never changes its meaning: a new one gets a new
 * first byte, and the old ones stay readable.
 *
 * <pre>
 * 2 'K' status removed sequence attempts result cancelRequestedAt round due job   a known prediction
 * 2 'U' count { 'J' job | 'E' event | 'C' requestedAt }…                          one whose job has not been read
 * 1 'K' status sequence early-attempts result cancelRequestedAt job               the same before there were rounds
 * 1 'U' …
 * </pre>
 *
 * Numbers are big-endian; texts, nodes and records are preceded by their length in bytes, -1 for none. Safe for any
 * thread.
 */
final class StateCodec {

    private static final byte FORM = 2;
    private static final byte EARLY_FORM = 1;
    private static final byte KNOWN = 'K';
    private static final byte UNSEEN = 'U';
    private static final byte JOB = 'J';
    private static final byte EVENT = 'E';
    private static final byte CANCEL = 'C';
    /** By their place in the stored form, which is not their order in the enum. */
    private static final List<PredictionStatus> STATUSES = List.of(
            PredictionStatus.STARTING, PredictionStatus.PROCESSING, PredictionStatus.SUCCEEDED,
            PredictionStatus.FAILED, PredictionStatus.CANCELED, PredictionStatus.ABORTED);

    private static final byte RUNNING = (byte) STATUSES.indexOf(PredictionStatus.PROCESSING);
    private static final byte QUEUED = (byte) STATUSES.indexOf(PredictionStatus.STARTING);

    private StateCodec() {}

    /** The stored form. */
    static byte[] encode(StateRecord record) {
        FieldWriter out = new FieldWriter();
        out.one(FORM);
        switch (record.state()) {
            case PredictionState.Known known -> writeKnown(known, record.job(known), out);
            case PredictionState.Unseen unseen -> writeUnseen(unseen, out);
        }
        return out.bytes();
    }

    /** Whether the bytes are a prediction that clients can see; cheap. */
    static boolean isKnown(byte[] stored) {
        return stored.length > 1 && stored[1] == KNOWN;
    }

    /** Whether the bytes are a prediction that an attempt runs; cheap. */
    static boolean isRunning(byte[] stored) {
        return isKnown(stored) && stored[2] == RUNNING;
    }

    /** Whether the bytes are a prediction that waits for its start; cheap. */
    static boolean isQueued(byte[] stored) {
        return isKnown(stored) && stored[2] == QUEUED;
    }

    /** Whether the data of a known prediction have been removed; cheap. */
    static boolean isDataRemoved(byte[] stored) {
        return isKnown(stored) && stored[0] == FORM && stored[3] != 0;
    }

    /** @throws IllegalStateException if the bytes are not a form this version knows */
    static StateRecord decode(byte[] stored) {
        FieldReader in = new FieldReader(stored);
        byte form = in.one();
        byte kind = in.one();
        if ((form != FORM && form != EARLY_FORM) || (kind != KNOWN && kind != UNSEEN)) {
            throw new IllegalStateException("stored state of unknown form " + form + "/" + kind
                    + ": written by a newer version?");
        }
        try {
            if (kind == UNSEEN) {
                return readUnseen(in);
            }
            return form == FORM ? readKnown(in) : readEarlyKnown(in);
        } catch (IOException e) {
            throw new IllegalStateException("stored state cannot be read", e);
        }
    }

    private static void writeKnown(PredictionState.Known known, byte[] job, FieldWriter out) {
        out.one(KNOWN);
        out.one((byte) STATUSES.indexOf(known.status()));
        out.one((byte) (known.dataRemoved() ? 1 : 0));
        out.number(known.sequence());
        AttemptsForm.write(known.attempts(), out);
        Result result = known.result();
        out.block(result.output() == null ? null : Json.bytes(result.output()));
        out.text(result.error());
        out.text(result.logs());
        out.time(result.startedAt());
        out.time(result.completedAt());
        out.block(result.metrics() == null ? null : Json.bytes(result.metrics()));
        out.time(known.cancelRequestedAt());
        out.number(known.round().number());
        out.time(known.round().due());
        out.block(job);
    }

    private static StateRecord readKnown(FieldReader in) throws IOException {
        PredictionStatus status = STATUSES.get(in.one());
        boolean removed = in.one() != 0;
        long sequence = in.number();
        Attempts attempts = AttemptsForm.read(in);
        Result result = readResult(in);
        Instant cancelRequestedAt = in.time();
        Round round = new Round((int) in.number(), in.time());
        byte[] bytes = in.requiredBlock();
        Job job = Serdes.JOB.deserialize(bytes);
        return new StateRecord(
                new PredictionState.Known(job, status, sequence, attempts, result, cancelRequestedAt, round, removed),
                bytes);
    }

    private static StateRecord readEarlyKnown(FieldReader in) throws IOException {
        PredictionStatus status = STATUSES.get(in.one());
        long sequence = in.number();
        AttemptsForm.Early attempts = AttemptsForm.Early.read(in);
        Result result = readResult(in);
        Instant cancelRequestedAt = in.time();
        byte[] bytes = in.requiredBlock();
        Job job = Serdes.JOB.deserialize(bytes);
        return new StateRecord(
                new PredictionState.Known(
                        job, status, sequence, attempts.with(job, status, result), result, cancelRequestedAt,
                        new Round(job.attempt(), null), false),
                bytes);
    }

    private static Result readResult(FieldReader in) throws IOException {
        byte[] output = in.block();
        String error = in.text();
        String logs = in.requiredText();
        Instant startedAt = in.time();
        Instant completedAt = in.time();
        byte[] metrics = in.block();
        JsonNode outputNode = output == null ? null : Json.parse(output);
        ObjectNode metricsNode = metrics == null ? null : (ObjectNode) Json.parse(metrics);
        return new Result(outputNode, error, logs, startedAt, completedAt, metricsNode);
    }

    private static void writeUnseen(PredictionState.Unseen unseen, FieldWriter out) {
        out.one(UNSEEN);
        out.number(unseen.early().size());
        for (PredictionInput input : unseen.early()) {
            switch (input) {
                case PredictionInput.JobAccepted accepted -> {
                    out.one(JOB);
                    out.block(Serdes.JOB.serialize(accepted.job()));
                }
                case PredictionInput.AttemptReported reported -> {
                    out.one(EVENT);
                    out.block(Serdes.EVENT.serialize(reported.event()));
                }
                case PredictionInput.CancelRequested requested -> {
                    out.one(CANCEL);
                    out.time(requested.requestedAt());
                }
                case PredictionInput.Released ignored -> throw notRemembered();
                case PredictionInput.TimerFired ignored -> throw notRemembered();
                case PredictionInput.AttemptSilent ignored -> throw notRemembered();
                case PredictionInput.DataExpired ignored -> throw notRemembered();
            }
        }
    }

    private static IllegalStateException notRemembered() {
        return new IllegalStateException("the passing of time is not remembered for a prediction that is not known");
    }

    private static StateRecord readUnseen(FieldReader in) {
        List<PredictionInput> early = new ArrayList<>();
        for (long left = in.number(); left > 0; left--) {
            early.add(switch (in.one()) {
                case JOB -> new PredictionInput.JobAccepted(Serdes.JOB.deserialize(in.requiredBlock()));
                case EVENT -> new PredictionInput.AttemptReported(Serdes.EVENT.deserialize(in.requiredBlock()));
                case CANCEL -> new PredictionInput.CancelRequested(in.requiredTime());
                default -> throw new IllegalStateException("stored state with an input of unknown kind");
            });
        }
        return new StateRecord(new PredictionState.Unseen(early), null);
    }
}
