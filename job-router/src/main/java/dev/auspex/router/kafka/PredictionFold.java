package dev.auspex.router.kafka;

import dev.auspex.protocol.json.PredictionJson;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.domain.Decision;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Ignored;
import dev.auspex.router.domain.Decision.Reason;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionLife;
import dev.auspex.router.domain.RetryPolicy;
import dev.auspex.router.domain.SizeRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From a stored state and a record to what has to be stored and sent: everything but the doing. Safe for any thread. */
final class PredictionFold {

    /** Room for the key, the headers and the framing of a record. */
    private static final int OVERHEAD = 16 * 1024;
    private static final int LIMIT = Topics.MAX_RECORD_BYTES - OVERHEAD;

    private PredictionFold() {}

    /** What a record makes of a state. */
    sealed interface Outcome {

        /** To be done: store, send and queue. {@code stored} is {@code after} encoded. */
        record Changed(StateRecord after, byte[] stored, List<Rendered> snapshots, List<Decision.Effect> effects)
                implements Outcome {}

        /** Right, but there is nothing to do. */
        record Unchanged() implements Outcome {}

        /** Not applied. */
        record Dropped(Reason reason) implements Outcome {}
    }

    /** A snapshot and its bytes. */
    record Rendered(Decision.Snapshot snapshot, byte[] json) {}

    /** @param retries when to try again */
    static Outcome fold(StateRecord before, Parsed record, RetryPolicy retries) {
        Outcome outcome = fold(before, record.input(), record, retries);
        if (fits(outcome)) {
            return outcome;
        }
        Optional<PredictionInput> smaller = SizeRule.smaller(record.input(), Topics.MAX_RECORD_BYTES);
        return smaller.isEmpty() ? new Outcome.Dropped(Reason.OVERSIZE) : fold(before, smaller.get(), record, retries);
    }

    private static Outcome fold(StateRecord before, PredictionInput input, Parsed record, RetryPolicy retries) {
        return switch (PredictionLife.apply(before.state(), input, retries)) {
            case Ignored(Reason reason) -> new Outcome.Dropped(reason);
            case Applied(var state, var snapshots, var effects) when state == before.state() && snapshots.isEmpty() ->
                    new Outcome.Unchanged();
            case Applied(var state, var snapshots, var effects) -> {
                StateRecord after = new StateRecord(state, record.job() != null ? record.job() : before.job());
                List<Rendered> rendered = new ArrayList<>(snapshots.size());
                for (Decision.Snapshot snapshot : snapshots) {
                    rendered.add(new Rendered(snapshot, PredictionJson.render(snapshot.state().toPrediction())));
                }
                yield new Outcome.Changed(after, StateCodec.encode(after), rendered, effects);
            }
        };
    }

    private static boolean fits(Outcome outcome) {
        return !(outcome instanceof Outcome.Changed changed)
                || (changed.stored().length <= LIMIT
                        && changed.snapshots().stream().allMatch(rendered -> rendered.json().length <= LIMIT));
    }
}
