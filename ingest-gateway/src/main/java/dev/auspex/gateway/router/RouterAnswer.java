package dev.auspex.gateway.router;

import dev.auspex.protocol.PredictionStatus;
import io.vertx.core.buffer.Buffer;

/** What the router says of a prediction. */
public sealed interface RouterAnswer {

    /**
     * The prediction.
     *
     * @param body the API's JSON, to be passed on as it is
     * @param status where it stands
     */
    record Found(Buffer body, PredictionStatus status) implements RouterAnswer {}

    /** This account has no such prediction. */
    record Missing() implements RouterAnswer {}
}
