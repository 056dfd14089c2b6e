package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.EarlierPrediction;
import dev.auspex.gateway.router.RouterAnswer;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import io.vertx.core.Future;
import java.io.IOException;

/** What a create request led to. */
sealed interface Made {

    /** It wrote the job. */
    record New(Job job) implements Made {}

    /** An earlier, equal request did. @param now as the router shows it @param prediction as it was answered */
    record Earlier(PredictionId id, RouterAnswer.Found now, EarlierPrediction prediction) implements Made {}

    /** The prediction of an earlier request, as the router shows it. */
    static Future<Made> earlier(PredictionId id, RouterAnswer.Found found) {
        try {
            return Future.succeededFuture(new Earlier(
                    id, found, EarlierPrediction.read(found.body().getBytes())));
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }
}
