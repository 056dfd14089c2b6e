package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every failure into a {@link Problem}. What a client did wrong is logged at DEBUG; what went wrong here is logged
 * at ERROR and told to the client without the exception's text.
 */
final class FailureHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);

    private FailureHandler() {}

    /** Makes a router answer all its failures with problems. Call it when every route is there. */
    static void mount(Router router) {
        FailureHandler failures = new FailureHandler();
        for (Route route : router.getRoutes()) {
            // On the route itself, so that the metrics know which one failed.
            if (route.getPath() != null && !route.getPath().endsWith("/")) {
                route.failureHandler(failures);
            }
        }
        router.route().failureHandler(failures);
        for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
            router.errorHandler(status, failures);
        }
    }

    @Override
    public void handle(RoutingContext ctx) {
        Problem problem = problem(ctx);
        HttpServerResponse response = ctx.response();
        if (response.closed() || response.ended()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        // A handler may have begun an answer of another kind.
        response.headers().remove(HttpHeaders.CACHE_CONTROL).remove(HttpHeaders.CONTENT_LENGTH);
        problem.write(response);
    }

    private static Problem problem(RoutingContext ctx) {
        if (ctx.failure() instanceof ApiException refusal) {
            LOG.atDebug()
                    .addKeyValue("code", refusal.error().code())
                    .addKeyValue("route", RequestMetrics.route(ctx))
                    .log("refused");
            return Problem.of(refusal);
        }
        int status = ctx.statusCode();
        if (status >= 400 && status < 500) {
            return Problem.ofStatus(status);
        }
        LOG.atError().addKeyValue("route", RequestMetrics.route(ctx)).setCause(ctx.failure()).log("request failed");
        return Problem.of(new ApiException(ApiError.INTERNAL, "Something went wrong on our side."));
    }

    /** Answers what cannot even be read as HTTP, and closes the connection. */
    static void invalidRequest(HttpServerRequest request) {
        int status = switch (request.decoderResult().cause()) {
            case TooLongHttpLineException line -> 414;
            case TooLongHttpHeaderException header -> 431;
            case null, default -> 400;
        };
        LOG.atDebug().addKeyValue("status", status).log("not HTTP");
        HttpServerResponse response = request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        response.endHandler(ended -> request.connection().close());
        Problem.ofStatus(status).write(response);
    }
}
