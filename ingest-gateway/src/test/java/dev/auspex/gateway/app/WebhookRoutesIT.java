package dev.auspex.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the dispatcher answers is passed on, and the account is the token's, whatever the client writes. */
@ExtendWith(KafkaExtension.class)
class WebhookRoutesIT {

    @Test
    void shouldAskTheDispatcherForTheCallersAccountWhenWebhooksAreAskedFor(KafkaClients kafka, Topics topics)
            throws Exception {
        Vertx vertx = Vertx.vertx();
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer dispatcher = vertx.createHttpServer().requestHandler(request -> {
            boolean genuine = RunningGateway.SECRET.verify("internal", "dispatcher",
                    String.valueOf(request.getHeader("authorization")).replace("Bearer ", ""));
            request.body().onSuccess(body -> {
                asked.add(genuine + " " + request.method() + " " + request.uri() + " " + body);
                request.response()
                        .setStatusCode(request.uri().contains("missing") ? 404 : 202)
                        .putHeader("content-type", "application/json")
                        .end("{\"base\":\"" + request.getHeader("auspex-base-url") + "\"}");
            });
        }).listen(0, "127.0.0.1").await();
        try (RunningGateway gateway = RunningGateway.start(kafka, topics, Map.of(
                // Nobody answers at the first: the next one is asked, also to do something.
                "dispatcher.url", "http://127.0.0.1:1,http://127.0.0.1:" + dispatcher.actualPort()))) {
            gateway.post("/v1/webhooks/deliveries/redeliver", "{\"dry_run\":true}");
            HttpResponse<String> listed = gateway.get("/v1/webhooks/deliveries?dead=true&limit=5");
            assertThat(listed.statusCode()).isEqualTo(202);
            assertThat(listed.body()).isEqualTo("{\"base\":\"" + gateway.base() + "/v1\"}");
            assertThat(listed.headers().firstValue("cache-control")).contains("no-store");
            gateway.get("/v1/predictions/abc/deliveries");
            assertThat(gateway.get("/v1/webhooks/endpoints/missing").statusCode()).isEqualTo(404);
            assertThat(asked).containsExactly(
                    "true POST /internal/accounts/alice/webhooks/deliveries/redeliver {\"dry_run\":true}",
                    "true GET /internal/accounts/alice/webhooks/deliveries?dead=true&limit=5 ",
                    "true GET /internal/accounts/alice/predictions/abc/deliveries ",
                    "true GET /internal/accounts/alice/webhooks/endpoints/missing ");
            assertThat(gateway.get("/v1/webhooks/default/secret").body()).contains("whsec_");
            dispatcher.close().await();
            HttpResponse<String> away = gateway.get("/v1/webhooks/deliveries");
            assertThat(away.statusCode()).isEqualTo(503);
            assertThat(away.headers().firstValue("retry-after")).isPresent();
        } finally {
            vertx.close().await();
        }
    }
}
