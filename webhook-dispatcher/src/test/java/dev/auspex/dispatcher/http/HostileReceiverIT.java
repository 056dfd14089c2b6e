package dev.auspex.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.domain.AttemptOutcome.Answered;
import dev.auspex.dispatcher.domain.AttemptReport;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.DeliveryTrace;
import dev.auspex.runtime.net.AddressGuard;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fault 11: receivers that do whatever they can to hold a request, its connection or our memory. */
class HostileReceiverIT {

    private static final long SLOT_MILLIS = 15_000;
    /** For a machine that does other things, too. */
    private static final long GRACE_MILLIS = 1_500;
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong streamed = new AtomicLong();
    private final List<NetServer> servers = new ArrayList<>();
    private final WebhookSender sender = Senders.sender(
            vertx,
            AddressGuard.of(List.of("127.0.0.1/32")),
            host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")},
            null);

    @AfterEach
    void close() {
        sender.close();
        servers.forEach(server -> server.close().await());
        vertx.close().await();
    }

    private record Ended(AttemptReport report, long millis) {}

    @Test
    void shouldFreeTheSlotInTimeWhateverTheReceiverDoes() throws Exception {
        Map<String, Future<Ended>> attempts = new LinkedHashMap<>();
        attempts.put("hangs", to("http", socket -> {}));
        attempts.put("drips its head", to("http", socket -> every(socket, 200, OK + "x-slow: ", "y")));
        attempts.put("answers 100 without end", to("http", socket -> every(socket, 20, "", "HTTP/1.1 100 Continue\r\n\r\n")));
        attempts.put("hangs in the handshake", to("https", socket -> {}));
        attempts.put("drips its body", to("http", socket -> every(socket, 50, OK + "content-length: 100000\r\n\r\n", "z")));
        attempts.put("sends 10 GB", to("http", socket -> {
            socket.write(OK + "content-length: 10000000000\r\n\r\n");
            stream(socket, Buffer.buffer(new byte[64 << 10]));
        }));
        attempts.put("has endless headers", to("http", socket -> {
            socket.write(OK);
            stream(socket, Buffer.buffer(("x-more: " + "y".repeat(1000) + "\r\n").repeat(10)));
        }));
        attempts.put("has an endless chunk header", to("http", socket -> {
            socket.write(OK + "transfer-encoding: chunked\r\n\r\n1;");
            stream(socket, Buffer.buffer("x".repeat(10_000)));
        }));
        attempts.put("has an endless status line", to("http", socket -> {
            socket.write("HTTP/1.1 200 ");
            stream(socket, Buffer.buffer("x".repeat(10_000)));
        }));
        attempts.put("talks HTTP where TLS is expected", to("https", socket -> socket.write(OK + "\r\n")));
        attempts.put("breaks off", to("http", socket -> socket.write(OK + "content-length: 9\r\n\r\nz")
                .onComplete(written -> socket.close())));

        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (Map.Entry<String, Future<Ended>> attempt : attempts.entrySet()) {
            Ended ended = attempt.getValue().await(SLOT_MILLIS + 5_000, TimeUnit.MILLISECONDS);
            assertThat(ended.millis()).as(attempt.getKey()).isLessThan(SLOT_MILLIS + GRACE_MILLIS);
            String response = ended.report().trace().response();
            assertThat(response == null ? 0 : response.length()).as(attempt.getKey())
                    .isLessThanOrEqualTo(DeliveryTrace.MOST_RESPONSE_BYTES);
            outcomes.put(attempt.getKey(), ended.report().outcome().kind());
        }
        assertThat(outcomes)
                .containsEntry("hangs", Outcome.TIMED_OUT)
                .containsEntry("drips its head", Outcome.TIMED_OUT)
                .containsEntry("hangs in the handshake", Outcome.UNREACHABLE)
                .containsEntry("drips its body", Outcome.DELIVERED)
                .containsEntry("sends 10 GB", Outcome.DELIVERED)
                .containsEntry("has endless headers", Outcome.UNREACHABLE)
                .containsEntry("has an endless status line", Outcome.UNREACHABLE)
                .containsEntry("talks HTTP where TLS is expected", Outcome.UNREACHABLE)
                .containsEntry("breaks off", Outcome.DELIVERED);
        assertThat(outcomes.get("answers 100 without end")).isIn(Outcome.TIMED_OUT, Outcome.UNREACHABLE);
    }

    @Test
    void shouldKeepItsHeapFlatWhenManyReceiversSendWithoutEnd() throws Exception {
        Buffer chunk = Buffer.buffer(new byte[64 << 10]);
        Consumer<NetSocket> endless = socket -> {
            socket.write(OK + "content-length: 10000000000\r\n\r\n");
            stream(socket, chunk);
        };
        for (Future<Ended> warmUp : many(20, endless)) {
            warmUp.await(20, TimeUnit.SECONDS);
        }
        long before = usedHeap();
        for (Future<Ended> attempt : many(200, endless)) {
            assertThat(attempt.await(30, TimeUnit.SECONDS).report().outcome().kind()).isEqualTo(Outcome.DELIVERED);
        }
        assertThat(usedHeap() - before).as("bytes of heap after 200 endless answers").isLessThan(24L << 20);
        // What the receivers could send filled the sockets' buffers and no more: nobody read on.
        assertThat(streamed.get() / 220).as("bytes sent by a receiver").isLessThan(32L << 20);
    }

    @Test
    void shouldNotExpandAnAnswerWhenItIsCompressed() throws Exception {
        byte[] bomb = gzip(64 << 20);
        Ended ended = to("http", socket -> socket.write(Buffer.buffer(
                        OK + "content-encoding: gzip\r\ncontent-length: " + bomb.length + "\r\n\r\n").appendBytes(bomb)))
                .await(20, TimeUnit.SECONDS);
        assertThat(ended.report().outcome().kind()).isEqualTo(Outcome.DELIVERED);
        assertThat(ended.report().trace().response()).isEqualTo("(encoded, not expanded)");
    }

    @Test
    void shouldCountItAsAFailureAndGoNowhereWhenTheReceiverRedirects() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        for (int status : new int[] {300, 301, 302, 303, 304, 307, 308}) {
            Ended ended = to("http", socket -> {
                requests.incrementAndGet();
                socket.write("HTTP/1.1 " + status + " Elsewhere\r\nlocation: http://127.0.0.1:"
                        + socket.localAddress().port() + "/again\r\ncontent-length: 0\r\n\r\n");
            }).await(20, TimeUnit.SECONDS);
            assertThat(ended.report().outcome()).isEqualTo(new Answered(status, null));
            assertThat(ended.report().outcome().kind()).isEqualTo(Outcome.REJECTED);
        }
        assertThat(requests).hasValue(7);
    }

    private List<Future<Ended>> many(int count, Consumer<NetSocket> script) {
        NetServer server = listen(script);
        List<Future<Ended>> attempts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            attempts.add(send("http://127.0.0.1:" + server.actualPort() + "/"));
        }
        return attempts;
    }

    private Future<Ended> to(String scheme, Consumer<NetSocket> script) {
        return send(scheme + "://hostile.example.test:" + listen(script).actualPort() + "/");
    }

    // The script runs once, when the first bytes of a request are there.
    private NetServer listen(Consumer<NetSocket> script) {
        NetServer server = vertx.createNetServer()
                .connectHandler(socket -> {
                    socket.exceptionHandler(failure -> {});
                    socket.handler(data -> {
                        socket.handler(rest -> {});
                        script.accept(socket);
                    });
                })
                .listen(0, "127.0.0.1")
                .await();
        servers.add(server);
        return server;
    }

    private Future<Ended> send(String url) {
        Delivery delivery = Delivery.of(
                new PredictionId("01hzy3v9q8w7e6r5t4y3a2s1d0"), new AccountId("acme"), WebhookEvent.COMPLETED, 1, url,
                Instant.now());
        Promise<Ended> promise = Promise.promise();
        vertx.runOnContext(ignored -> {
            long begin = System.nanoTime();
            sender.send(Target.parse(url), delivery, 1, BODY, null)
                    .map(report -> new Ended(report, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)))
                    .onComplete(promise);
        });
        return promise.future();
    }

    private void every(NetSocket socket, long millis, String first, String then) {
        socket.write(first.isEmpty() ? then : first);
        long timer = vertx.setPeriodic(millis, id -> socket.write(then));
        socket.closeHandler(closed -> vertx.cancelTimer(timer));
    }

    private void stream(NetSocket socket, Buffer chunk) {
        socket.write(chunk).onSuccess(written -> {
            streamed.addAndGet(chunk.length());
            stream(socket, chunk);
        });
    }

    private static byte[] gzip(int zeros) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < zeros >> 20; i++) {
                gzip.write(block);
            }
        }
        return bytes.toByteArray();
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
