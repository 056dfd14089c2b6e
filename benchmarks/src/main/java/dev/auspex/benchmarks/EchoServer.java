package dev.auspex.benchmarks;

import dev.auspex.protocol.PredictionId;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/**
 * The most trivial thing the driver can be pointed at: answers every submission at once and sends its signed webhook at
 * once, from one event loop. What the driver reaches against it is the driver's ceiling on this machine. It can also be
 * told to do wrong, so that tests see the driver notice.
 */
final class EchoServer implements AutoCloseable {

    /** What becomes of one submission. */
    enum Fate {
        /** Accepted, one webhook. */
        DELIVERED,
        /** Accepted, no webhook. */
        LOST,
        /** Accepted, the webhook twice under one id. */
        REPEATED,
        /** Accepted, two webhooks under two ids. */
        CONTRADICTED,
        /** Accepted, a webhook with a signature of something else. */
        MISSIGNED,
        /** Accepted, and the webhook says that the model failed. */
        FAILED,
        /** 503. */
        REFUSED
    }

    private static final byte[] WEBHOOK = "\"webhook\":\"".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int WEBHOOK_CONNECTIONS = 64;

    private final byte[] key = new byte[24];
    private final SecureRandom random = new SecureRandom();
    private final IntFunction<Fate> fates;
    private final Vertx vertx;
    private final HttpClient client;
    private final HttpServer server;
    private int submissions;

    private EchoServer(IntFunction<Fate> fates) {
        this.fates = fates;
        random.nextBytes(key);
        this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(false));
        this.client = vertx.createHttpClient(
                new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(WEBHOOK_CONNECTIONS));
        this.server = vertx.createHttpServer().requestHandler(this::handle);
    }

    /** Starts one. @param fates by the submission's number, from 0; called on the server's event loop */
    static EchoServer start(IntFunction<Fate> fates) throws TimeoutException {
        EchoServer echo = new EchoServer(fates);
        echo.server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
        return echo;
    }

    /** Runs until its standard input ends; prints its address. */
    public static void main(String[] args) throws Exception {
        try (EchoServer echo = start(number -> Fate.DELIVERED)) {
            System.out.println(echo.url());
            while (System.in.read() >= 0) {
                // whoever started this closes the stream, or dies
            }
        }
    }

    /** Its address. */
    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private void handle(HttpServerRequest request) {
        if (request.method() == HttpMethod.GET) {
            request.response().end("{\"key\":\"whsec_" + Base64.getEncoder().encodeToString(key) + "\"}");
            return;
        }
        request.body().onSuccess(body -> submit(request, body));
    }

    private void submit(HttpServerRequest request, Buffer body) {
        Fate fate = fates.apply(submissions++);
        if (fate == Fate.REFUSED) {
            request.response().setStatusCode(503).end("{\"detail\":\"refused on purpose\"}");
            return;
        }
        Instant now = Instant.now();
        String id = PredictionId.create(now, random).value();
        String webhook = Body.text(body.getBytes(), WEBHOOK);
        request.response()
                .setStatusCode(201)
                .putHeader("content-type", "application/json")
                .end(prediction(id, "starting", now));
        if (webhook != null) {
            Buffer message = Buffer.buffer(prediction(id, fate == Fate.FAILED ? "failed" : "succeeded", now));
            switch (fate) {
                case DELIVERED, FAILED -> post(webhook, "msg_" + id, message, message);
                case REPEATED -> {
                    post(webhook, "msg_" + id, message, message);
                    post(webhook, "msg_" + id, message, message);
                }
                case CONTRADICTED -> {
                    post(webhook, "msg_" + id, message, message);
                    post(webhook, "msg_other_" + id, message, message);
                }
                case MISSIGNED -> post(webhook, "msg_" + id, message, Buffer.buffer("something else"));
                case LOST, REFUSED -> {
                    // no webhook
                }
            }
        }
    }

    private void post(String url, String message, Buffer body, Buffer signed) {
        String timestamp = Long.toString(System.currentTimeMillis() / 1000);
        client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(url)
                        .putHeader("content-type", "application/json")
                        .putHeader("webhook-id", message)
                        .putHeader("webhook-timestamp", timestamp)
                        .putHeader("webhook-signature", SignatureCheck.sign(key, message, timestamp, signed.getBytes())))
                .compose(request -> request.send(body))
                .compose(response -> response.end());
    }

    private static String prediction(String id, String status, Instant now) {
        return "{\"id\":\"" + id + "\",\"model\":\"auspex/echo\",\"version\":\"hidden\",\"input\":{\"text\":\"hello\"},"
                + "\"output\":\"hello\",\"error\":null,\"logs\":\"\",\"status\":\"" + status + "\",\"source\":\"api\","
                + "\"data_removed\":false,\"created_at\":\"" + now + "\",\"started_at\":\"" + now
                + "\",\"completed_at\":\"" + now + "\",\"metrics\":{\"predict_time\":0.0001},\"urls\":{\"get\":"
                + "\"http://127.0.0.1/v1/predictions/" + id + "\",\"cancel\":\"http://127.0.0.1/v1/predictions/" + id
                + "/cancel\"}}";
    }
}
