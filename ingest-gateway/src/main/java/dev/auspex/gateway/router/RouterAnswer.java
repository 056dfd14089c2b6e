package dev.auspex.gateway.router;

import dev.auspex.gateway.domain.StatusNames;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.json.PredictionJson;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What the router says of a prediction. */
public sealed interface RouterAnswer {

    /**
     * The prediction.
     *
     * @param body the API's JSON with public names, to be passed on as it is
     * @param status where it stands
     * @param attempt the attempt whose output is shown; {@code null} before the first
     */
    record Found(Buffer body, PredictionStatus status, @Nullable AttemptId attempt) implements RouterAnswer {

        /** The JSON for a caller who knows these statuses. */
        public Buffer body(StatusNames names) {
            return names == StatusNames.PUBLIC || status != PredictionStatus.ABORTED
                    ? body
                    : Buffer.buffer(PredictionJson.withOwnName(body.getBytes(), status));
        }
    }

    /** This account has no such prediction. */
    record Missing() implements RouterAnswer {}
}
