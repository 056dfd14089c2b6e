package dev.auspex.router.http;

import dev.auspex.router.query.LocalPage;
import dev.auspex.router.query.RouterAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other routers. Event loop only. */
final class Peers {

    /** Marks a question that was forwarded once: owners may change, but a question must not run in circles. */
    static final String FORWARDED = "auspex-forwarded";

    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    /** Longer than the longest wait. */
    private static final long POINT_TIMEOUT_MS = 130_000;
    private static final long PAGE_TIMEOUT_MS = 10_000;
    private static final List<String> PASSED_ON =
            List.of("content-type", "retry-after", Reply.STATUS, Reply.SEQUENCE, Reply.ATTEMPT);

    private final HttpClient client;
    private final String authorization;

    /** @param authorization the header's value, the same for all routers */
    Peers(Vertx vertx, String authorization) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS),
                new PoolOptions().setHttp1MaxSize(256).setMaxWaitQueueSize(4_096));
        this.authorization = authorization;
    }

    /** Lets the owner of a prediction answer. */
    void forward(RouterAddress owner, RoutingContext ctx) {
        HttpServerResponse response = ctx.response();
        if (ctx.request().headers().contains(FORWARDED)) {
            Reply.later(response, "The routers are sharing out their work.");
            return;
        }
        get(owner, ctx.request().uri(), POINT_TIMEOUT_MS)
                .compose(answer -> answer.body().onSuccess(body -> passOn(answer, body, response)))
                .onFailure(failure -> {
                    LOG.atWarn()
                            .addKeyValue("router", owner)
                            .addKeyValue("cause", failure.toString())
                            .log("another router did not answer");
                    Reply.later(response, "The router that knows did not answer.");
                });
    }

    /** What another router has of a page. @param uri of the question */
    Future<LocalPage> page(RouterAddress router, String uri) {
        String local = uri + (uri.indexOf('?') < 0 ? "?" : "&") + "scope=local";
        return get(router, local, PAGE_TIMEOUT_MS).compose(answer -> answer.body().map(body -> {
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("router " + router + " answered " + answer.statusCode());
            }
            return PageWire.read(answer.headers(), body);
        }));
    }

    /** What another router has of something that is spread over all of them. @param uri of the question */
    Future<Buffer> local(RouterAddress router, String uri) {
        return get(router, uri + "&scope=local", PAGE_TIMEOUT_MS).compose(answer -> answer.body().map(body -> {
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("router " + router + " answered " + answer.statusCode());
            }
            return body;
        }));
    }

    Future<Void> close() {
        return client.close();
    }

    private Future<HttpClientResponse> get(RouterAddress router, String uri, long timeoutMs) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(router.host())
                .setPort(router.port())
                .setURI(uri)
                .setIdleTimeout(timeoutMs);
        return client.request(options).compose(request -> request.putHeader("authorization", authorization)
                .putHeader(FORWARDED, "1")
                .send());
    }

    private static void passOn(HttpClientResponse answer, Buffer body, HttpServerResponse response) {
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(answer.statusCode());
        for (String name : PASSED_ON) {
            String value = answer.getHeader(name);
            if (value != null) {
                response.putHeader(name, value);
            }
        }
        response.end(body);
    }
}
