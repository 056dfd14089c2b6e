package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.Catalogue;
import dev.auspex.gateway.kafka.CatalogueFollower;
import dev.auspex.gateway.kafka.RecordSender;
import dev.auspex.gateway.router.RouterClient;
import dev.auspex.runtime.lifecycle.ServiceContext;

/**
 * What the routes work with.
 *
 * @param context of the process
 * @param catalogue the models
 * @param sender writes to Kafka
 * @param router knows the predictions
 * @param baseUrl the API's public address
 */
public record GatewayParts(
        ServiceContext context,
        CatalogueFollower catalogue,
        RecordSender sender,
        RouterClient router,
        BaseUrl baseUrl) {

    /** The models as they are now. @throws ApiException 503 before they have been read for the first time */
    Catalogue models() {
        if (!catalogue.isCaughtUp()) {
            throw new ApiException(ApiError.UNAVAILABLE, "The gateway has just started and is reading the models.");
        }
        return catalogue.catalogue();
    }
}
