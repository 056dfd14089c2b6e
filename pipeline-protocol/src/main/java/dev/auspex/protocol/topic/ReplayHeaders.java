package dev.auspex.protocol.topic;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.ReplayOf;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/**
 * What a record says of the replay it comes from without its body being parsed: snapshots of replayed predictions and
 * jobs that a replay submits.
 */
public final class ReplayHeaders {

    private static final String REPLAY_OF = "replay-of";
    private static final String REPLAY = "replay";

    private ReplayHeaders() {}

    /** Adds them to a job. @param account its owner */
    public static void write(AccountId account, ReplayOf replayOf, Headers headers) {
        SnapshotHeaders.put(headers, SnapshotHeaders.ACCOUNT, account.value());
        write(replayOf, headers);
    }

    static void write(ReplayOf replayOf, Headers headers) {
        SnapshotHeaders.put(headers, REPLAY_OF, replayOf.prediction().value());
        SnapshotHeaders.put(headers, REPLAY, replayOf.replay().value());
    }

    /** Where the record comes from; empty if from no replay. @throws IllegalArgumentException if that is malformed */
    public static Optional<ReplayOf> read(Headers headers) {
        String prediction = SnapshotHeaders.get(headers, REPLAY_OF);
        String replay = SnapshotHeaders.get(headers, REPLAY);
        return prediction == null || replay == null
                ? Optional.empty()
                : Optional.of(new ReplayOf(new PredictionId(prediction), new PredictionId(replay)));
    }
}
