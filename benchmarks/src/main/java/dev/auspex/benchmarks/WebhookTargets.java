package dev.auspex.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Several receivers, each on its own port, of which some never answer. Healthy ones measure how long a message took, by
 * the number in its address.
 */
final class WebhookTargets implements AutoCloseable {

    private static final Buffer OK = Buffer.buffer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");

    private final List<NetServer> servers = new ArrayList<>();
    private final Map<String, Long> written = new ConcurrentHashMap<>();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final int hanging;
    private volatile CountDownLatch left = new CountDownLatch(0);
    private volatile Histogram latencies = Percentiles.histogram();

    private WebhookTargets(int hanging) {
        this.hanging = hanging;
    }

    /** @param vertx with a single event loop: latencies are recorded there */
    static WebhookTargets start(Vertx vertx, int count, int hanging) throws TimeoutException {
        WebhookTargets targets = new WebhookTargets(hanging);
        for (int i = 0; i < count; i++) {
            boolean hangs = i < hanging;
            NetServer server = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true)).connectHandler(socket ->
                    socket.handler(new HttpWire(
                            request -> {
                                if (!hangs) {
                                    targets.arrived(request.target());
                                    socket.write(OK);
                                }
                            },
                            problem -> socket.close())));
            server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
            targets.servers.add(server);
        }
        return targets;
    }

    int count() {
        return servers.size();
    }

    int hanging() {
        return hanging;
    }

    /** Begins to count anew. @param expected messages to healthy receivers */
    void expect(int expected) {
        latencies = Percentiles.histogram();
        left = new CountDownLatch(expected);
    }

    /** The address of a message that is being written now. */
    String address(int receiver) {
        return address(receiver, System.nanoTime());
    }

    /** The address of another message. @param expectedNanos when it is due, of {@link System#nanoTime} */
    String address(int receiver, long expectedNanos) {
        String path = "/in?n=" + messages.getAndIncrement();
        if (receiver >= hanging) {
            written.put(path, expectedNanos);
        }
        return "http://127.0.0.1:" + servers.get(receiver).actualPort() + path;
    }

    /** Whether all that were expected came in time. */
    boolean await(long seconds) throws InterruptedException {
        return left.await(seconds, TimeUnit.SECONDS);
    }

    long missing() {
        return left.getCount();
    }

    long repeated() {
        return repeated.getAndSet(0);
    }

    Percentiles latencies() {
        return Percentiles.of(latencies.copy());
    }

    @Override
    public void close() throws TimeoutException {
        for (NetServer server : servers) {
            server.close().await(10, TimeUnit.SECONDS);
        }
    }

    private void arrived(String target) {
        Long at = written.remove(target);
        if (at == null) {
            repeated.incrementAndGet();
        } else {
            Percentiles.record(latencies, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - at));
            left.countDown();
        }
    }
}
