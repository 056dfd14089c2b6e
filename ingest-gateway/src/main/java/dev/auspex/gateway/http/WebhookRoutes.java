package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.http.InternalAccess;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery log and registered webhook endpoints: everything under {@code /v1/webhooks} but the default secret, and a
 * prediction's deliveries. The dispatcher answers; who asks is put into the address here, from the token.
 */
final class WebhookRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookRoutes.class);
    private static final int BODY_LIMIT = 64 * 1024;
    private static final int CONNECT_MILLIS = 2_000;
    /** A redelivery of many messages looks each of them up. */
    private static final long IDLE_MILLIS = 120_000;
    private static final int CONNECTIONS = 64;
    private static final int MOST_WAITING = 1_000;
    private static final List<String> PASSED_ON = List.of("content-type", "retry-after");

    private final GatewayParts parts;
    private final HttpClient client;
    private final List<String> dispatchers;
    private final String authorization;
    private volatile int preferred;

    WebhookRoutes(GatewayParts parts) {
        ServiceContext context = parts.context();
        this.parts = parts;
        this.client = context.vertx().createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS).setKeepAliveTimeout(30),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(MOST_WAITING));
        this.dispatchers = context.settings().get(Keys.DISPATCHER_URL);
        this.authorization = new InternalAccess(context.secret(), "dispatcher").header();
    }

    void mount(Router router) {
        router.route("/v1/webhooks/deliveries*").handler(this::read);
        router.route("/v1/webhooks/endpoints*").handler(this::read);
        router.route("/v1/predictions/:id/deliveries*").handler(this::read);
    }

    private void read(RoutingContext ctx) {
        BodyReader.read(ctx, BODY_LIMIT, body -> ask(ctx, Buffer.buffer(body), dispatchers.size()));
    }

    private void ask(RoutingContext ctx, Buffer body, int tries) {
        int asked = preferred;
        client.request(options(ctx, dispatchers.get(asked)))
                .onFailure(failure -> askNext(ctx, body, asked, tries, failure))
                .onSuccess(request -> request.send(body)
                        .compose(answer -> answer.body().onSuccess(content -> passOn(ctx, answer, content)))
                        .onFailure(failure -> {
                            if (HttpMethod.GET.equals(ctx.request().method())) {
                                askNext(ctx, body, asked, tries, failure);
                            } else {
                                unanswered(ctx, failure);
                            }
                        }));
    }

    // Only where nothing can have been done yet: nobody was reached, or it was a read.
    private void askNext(RoutingContext ctx, Buffer body, int asked, int tries, Throwable failure) {
        if (preferred == asked) {
            preferred = (asked + 1) % dispatchers.size();
        }
        if (tries > 1) {
            ask(ctx, body, tries - 1);
        } else {
            unanswered(ctx, failure);
        }
    }

    private static void unanswered(RoutingContext ctx, Throwable failure) {
        LOG.atWarn().addKeyValue("cause", failure.toString()).log("no dispatcher answers");
        ctx.fail(new ApiException(
                ApiError.UNAVAILABLE, "The webhook service cannot be asked at the moment. Try again."));
    }

    private RequestOptions options(RoutingContext ctx, String base) {
        return new RequestOptions()
                .setMethod(ctx.request().method())
                .setAbsoluteURI(base + "/internal/accounts/" + Caller.account(ctx)
                        + ctx.request().uri().substring("/v1".length()))
                .putHeader("authorization", authorization)
                .putHeader("auspex-base-url", parts.baseUrl().of(ctx) + "/v1")
                .setIdleTimeout(IDLE_MILLIS);
    }

    private static void passOn(RoutingContext ctx, HttpClientResponse answer, Buffer content) {
        HttpServerResponse response = ctx.response();
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(answer.statusCode()).putHeader("cache-control", "no-store");
        for (String name : PASSED_ON) {
            String value = answer.getHeader(name);
            if (value != null) {
                response.putHeader(name, value);
            }
        }
        response.end(content);
    }
}
