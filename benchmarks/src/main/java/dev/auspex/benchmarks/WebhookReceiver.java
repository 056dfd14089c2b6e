package dev.auspex.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes webhooks on a free loopback port and enters them in the ledger that their path names. It keeps listening for
 * earlier phases, so a duplicate that comes late is still counted. Its handlers run on the driver's event loop.
 */
final class WebhookReceiver {

    private static final byte[] SUCCEEDED = "\"status\":\"succeeded\"".getBytes(StandardCharsets.US_ASCII);
    private static final String PATH = "/hook/";

    private final SignatureCheck signatures;
    private final List<Ledger> ledgers = new ArrayList<>();
    private final HttpServer server;
    private int strays;

    private WebhookReceiver(Vertx vertx, SignatureCheck signatures) {
        this.signatures = signatures;
        this.server = vertx.createHttpServer().requestHandler(this::handle);
    }

    /** Starts it on a Vert.x with a single event loop. Not to be called on that loop. */
    static WebhookReceiver start(Vertx vertx, SignatureCheck signatures) throws TimeoutException {
        WebhookReceiver receiver = new WebhookReceiver(vertx, signatures);
        receiver.server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
        return receiver;
    }

    /** The address that webhooks of this ledger go to. On the event loop. */
    String open(Ledger ledger) {
        ledgers.add(ledger);
        return "http://127.0.0.1:" + server.actualPort() + PATH + (ledgers.size() - 1);
    }

    /** Webhooks that named no ledger or no prediction. */
    int strays() {
        return strays;
    }

    private void handle(HttpServerRequest request) {
        long nanos = System.nanoTime();
        long micros = Body.micros(Instant.now());
        request.body().onSuccess(body -> {
            request.response().end();
            enter(request, body, nanos, micros);
        });
    }

    private void enter(HttpServerRequest request, Buffer buffer, long nanos, long micros) {
        byte[] body = buffer.getBytes();
        Ledger ledger = ledger(request.path());
        String prediction = Body.text(body, Body.ID);
        if (ledger == null || prediction == null) {
            strays++;
            return;
        }
        String message = request.getHeader("webhook-id");
        signatures.look(
                message, request.getHeader("webhook-timestamp"), request.getHeader("webhook-signature"), body);
        ledger.arrived(new Arrival(
                prediction,
                message == null ? "" : message,
                Body.contains(body, SUCCEEDED),
                nanos,
                new Arrival.Times(
                        Body.micros(body, Body.CREATED_AT),
                        Body.micros(body, Body.STARTED_AT),
                        Body.micros(body, Body.COMPLETED_AT),
                        micros)));
    }

    private @Nullable Ledger ledger(@Nullable String path) {
        if (path == null || !path.startsWith(PATH)) {
            return null;
        }
        try {
            int index = Integer.parseInt(path, PATH.length(), path.length(), 10);
            return index >= 0 && index < ledgers.size() ? ledgers.get(index) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
