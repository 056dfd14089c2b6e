package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.VisibleModels;
import dev.auspex.gateway.kafka.AccessFollower;
import dev.auspex.gateway.kafka.CatalogueFollower;
import dev.auspex.gateway.kafka.DeploymentFollower;
import dev.auspex.gateway.kafka.RecordSender;
import dev.auspex.gateway.router.RouterAnswer;
import dev.auspex.gateway.router.RouterClient;
import dev.auspex.gateway.stream.EventHub;
import dev.auspex.gateway.stream.PredictionLookup.LookedUp;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * What the routes work with.
 *
 * @param context of the process
 * @param catalogue the models
 * @param deployments the deployments
 * @param access the accounts and tokens
 * @param sender writes to Kafka
 * @param router knows the predictions
 * @param events what happens to them right now
 * @param baseUrl the API's public address
 */
public record GatewayParts(
        ServiceContext context,
        CatalogueFollower catalogue,
        DeploymentFollower deployments,
        AccessFollower access,
        RecordSender sender,
        RouterClient router,
        EventHub events,
        BaseUrl baseUrl) {

    /** Where a prediction stands, in the form that streams ask for it. */
    Future<Optional<LookedUp>> lookUp(AccountId account, PredictionId id) {
        return router.find(account, id).map(answer -> switch (answer) {
            case RouterAnswer.Found found -> Optional.of(new LookedUp(found.body(), found.attempt()));
            case RouterAnswer.Missing missing -> Optional.empty();
        });
    }

    /** The models that the caller sees now. @throws ApiException 503 before they have been read for the first time */
    VisibleModels models(RoutingContext ctx) {
        if (!catalogue.isCaughtUp()) {
            throw new ApiException(ApiError.UNAVAILABLE, "The gateway has just started and is reading the models.");
        }
        return catalogue.catalogue().seenBy(Caller.account(ctx));
    }
}
