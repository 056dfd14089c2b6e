package dev.auspex.benchmarks;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps up to so many connections to one server and sends requests over them, one at a time each; requests that find none
 * free wait in order. On one event loop only.
 */
final class Connections {

    private static final long TIMEOUT_NANOS = 30_000_000_000L;
    private static final long LOOK_MILLIS = 1000;

    private final NetClient client;
    private final String host;
    private final int port;
    private final int limit;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final List<Connection> open = new ArrayList<>();
    private final Deque<Exchange> waiting = new ArrayDeque<>();
    private int opening;

    /** @param limit how many are open at most */
    Connections(Vertx vertx, String host, int port, int limit) {
        this.client = vertx.createNetClient(
                new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(10_000));
        this.host = host;
        this.port = port;
        this.limit = limit;
        vertx.setPeriodic(LOOK_MILLIS, ignored -> dropSilent());
    }

    /** Sends a whole request; fails when the connection breaks or there is no answer within 30 s. */
    Future<HttpWire.Message> send(Buffer request) {
        Exchange exchange = new Exchange(request, Promise.promise());
        Connection free = idle.pollFirst();
        if (free != null) {
            free.begin(exchange);
        } else {
            waiting.add(exchange);
            if (open.size() + opening < limit) {
                connect();
            }
        }
        return exchange.answer().future();
    }

    /** Closes them all. */
    Future<Void> close() {
        return client.close();
    }

    private void connect() {
        opening++;
        client.connect(port, host).onComplete(result -> {
            opening--;
            if (result.succeeded()) {
                Connection connection = new Connection(result.result());
                open.add(connection);
                next(connection);
            } else {
                Exchange exchange = waiting.poll();
                if (exchange != null) {
                    exchange.answer().fail(result.cause());
                }
            }
        });
    }

    private void next(Connection connection) {
        Exchange exchange = waiting.poll();
        if (exchange == null) {
            idle.addFirst(connection);
        } else {
            connection.begin(exchange);
        }
    }

    private void gone(Connection connection) {
        open.remove(connection);
        idle.remove(connection);
        if (!waiting.isEmpty() && open.size() + opening < limit) {
            connect();
        }
    }

    private void dropSilent() {
        long now = System.nanoTime();
        List.copyOf(open).stream()
                .filter(connection -> connection.current != null && now - connection.since > TIMEOUT_NANOS)
                .forEach(connection -> connection.fail(new TimeoutException("no answer within 30 s")));
    }

    /** A request and who waits for its answer. */
    private record Exchange(Buffer request, Promise<HttpWire.Message> answer) {}

    /** One connection with at most one exchange under way. */
    private final class Connection implements Handler<HttpWire.Message> {
        private final NetSocket socket;
        private @Nullable Exchange current;
        private long since;

        private Connection(NetSocket socket) {
            this.socket = socket;
            socket.handler(new HttpWire(this, problem -> fail(new IOException(problem))));
            socket.closeHandler(ignored -> fail(new IOException("connection closed")));
            socket.exceptionHandler(this::fail);
        }

        private void begin(Exchange exchange) {
            current = exchange;
            since = System.nanoTime();
            socket.write(exchange.request());
        }

        @Override
        public void handle(HttpWire.Message message) {
            Exchange exchange = current;
            if (exchange == null) {
                fail(new IOException("an answer to no request"));
                return;
            }
            current = null;
            next(this);
            exchange.answer().complete(message);
        }

        private void fail(Throwable cause) {
            Exchange exchange = current;
            current = null;
            gone(this);
            socket.close();
            if (exchange != null) {
                exchange.answer().fail(cause);
            }
        }
    }
}
