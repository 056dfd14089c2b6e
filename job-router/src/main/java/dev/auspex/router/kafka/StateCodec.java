package dev.auspex.router.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.domain.Attempts;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How a state is kept in the store and in its changelog. A released form never changes its meaning: a new one gets a new
 * first byte, and the old ones stay readable.
 *
 * <pre>
 * 1 'K' status sequence attempts result cancelRequestedAt job      a known prediction
 * 1 'U' count { 'J' job | 'E' event | 'C' requestedAt }…           one whose job has not been read
 * </pre>
 *
 * Numbers are big-endian; texts, nodes and records are preceded by their length in bytes, -1 for none. Safe for any
 * thread.
 */
final class StateCodec {

    private static final byte FORM = 1;
    private static final byte KNOWN = 'K';
    private static final byte UNSEEN = 'U';
    private static final byte JOB = 'J';
    private static final byte EVENT = 'E';
    private static final byte CANCEL = 'C';
    /** By their place in the stored form, which is not their order in the enum. */
    private static final List<PredictionStatus> STATUSES = List.of(
            PredictionStatus.STARTING, PredictionStatus.PROCESSING, PredictionStatus.SUCCEEDED,
            PredictionStatus.FAILED, PredictionStatus.CANCELED, PredictionStatus.ABORTED);

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

    /** @throws IllegalStateException if the bytes are not a form this version knows */
    static StateRecord decode(byte[] stored) {
        FieldReader in = new FieldReader(stored);
        byte form = in.one();
        byte kind = in.one();
        if (form != FORM || (kind != KNOWN && kind != UNSEEN)) {
            throw new IllegalStateException("stored state of unknown form " + form + "/" + kind
                    + ": written by a newer version?");
        }
        try {
            return kind == KNOWN ? readKnown(in) : readUnseen(in);
        } catch (IOException e) {
            throw new IllegalStateException("stored state cannot be read", e);
        }
    }

    private static void writeKnown(PredictionState.Known known, byte[] job, FieldWriter out) {
        out.one(KNOWN);
        out.one((byte) STATUSES.indexOf(known.status()));
        out.number(known.sequence());
        writeAttempts(known.attempts(), out);
        Result result = known.result();
        out.block(result.output() == null ? null : Json.bytes(result.output()));
        out.text(result.error());
        out.text(result.logs());
        out.time(result.startedAt());
        out.time(result.completedAt());
        out.block(result.metrics() == null ? null : Json.bytes(result.metrics()));
        out.time(known.cancelRequestedAt());
        out.block(job);
    }

    private static StateRecord readKnown(FieldReader in) throws IOException {
        PredictionStatus status = STATUSES.get(in.one());
        long sequence = in.number();
        Attempts attempts = readAttempts(in);
        byte[] output = in.block();
        String error = in.text();
        String logs = in.requiredText();
        var startedAt = in.time();
        var completedAt = in.time();
        byte[] metrics = in.block();
        var cancelRequestedAt = in.time();
        byte[] job = in.requiredBlock();
        JsonNode outputNode = output == null ? null : Json.parse(output);
        ObjectNode metricsNode = metrics == null ? null : (ObjectNode) Json.parse(metrics);
        Result result = new Result(outputNode, error, logs, startedAt, completedAt, metricsNode);
        return new StateRecord(
                new PredictionState.Known(
                        Serdes.JOB.deserialize(job), status, sequence, attempts, result, cancelRequestedAt),
                job);
    }

    private static void writeAttempts(Attempts attempts, FieldWriter out) {
        out.text(attempts.current() == null ? null : attempts.current().value());
        out.text(attempts.executor() == null ? null : attempts.executor().value());
        out.number(attempts.count());
        out.one((byte) attempts.superseded().size());
        attempts.superseded().forEach(attempt -> out.text(attempt.value()));
    }

    private static Attempts readAttempts(FieldReader in) {
        String current = in.text();
        String executor = in.text();
        int count = (int) in.number();
        List<AttemptId> superseded = new ArrayList<>();
        for (int left = in.one(); left > 0; left--) {
            superseded.add(new AttemptId(in.requiredText()));
        }
        return new Attempts(
                current == null ? null : new AttemptId(current),
                executor == null ? null : new ExecutorId(executor),
                count,
                superseded);
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
            }
        }
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
