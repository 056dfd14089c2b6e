package dev.auspex.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
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
    private static final Buffer OK = Buffer.buffer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    private static final String PATH = "/hook/";

    private final SignatureCheck signatures;
    private final List<Ledger> ledgers = new ArrayList<>();
    private final NetServer server;
    private int strays;

    private WebhookReceiver(Vertx vertx, SignatureCheck signatures) {
        this.signatures = signatures;
        this.server = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true)).connectHandler(this::connected);
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

    private void connected(NetSocket socket) {
        socket.handler(new HttpWire(
                request -> {
                    long nanos = System.nanoTime();
                    long micros = Body.micros(Instant.now());
                    socket.write(OK);
                    enter(request, nanos, micros);
                },
                problem -> {
                    strays++;
                    socket.close();
                }));
    }

    private void enter(HttpWire.Message request, long nanos, long micros) {
        byte[] body = request.body();
        Ledger ledger = ledger(request.target());
        String prediction = Body.text(body, Body.ID);
        if (ledger == null || prediction == null) {
            strays++;
            return;
        }
        String message = request.header("webhook-id");
        signatures.look(
                message, request.header("webhook-timestamp"), request.header("webhook-signature"), body);
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

    private @Nullable Ledger ledger(String path) {
        if (!path.startsWith(PATH)) {
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
