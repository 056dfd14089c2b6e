package dev.auspex.dispatcher.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A small HTTP proxy on loopback: tunnels for {@code CONNECT}, passes on requests for absolute URLs. It takes every name for
 * this machine, as a proxy with its own name service would, and remembers what it was asked.
 */
public final class TestProxy implements AutoCloseable {

    private final NetServer server;
    private final NetClient client;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;

    public TestProxy(Vertx vertx) {
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(this::connected).listen(0, "127.0.0.1").await();
    }

    public int port() {
        return server.actualPort();
    }

    /** Heads of requests as they came. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** From now on it connects nobody. */
    public void refuse() {
        refusing = true;
    }

    private void connected(NetSocket socket) {
        Buffer head = Buffer.buffer();
        socket.exceptionHandler(failure -> {});
        socket.handler(data -> {
            head.appendBuffer(data);
            String text = head.toString();
            int end = text.indexOf("\r\n\r\n");
            if (end >= 0) {
                socket.pause();
                asked.add(text.substring(0, end));
                route(socket, text.substring(0, text.indexOf("\r\n")).split(" "), head);
            }
        });
    }

    private void route(NetSocket socket, String[] line, Buffer head) {
        boolean tunnel = line[0].equals("CONNECT");
        int port = URI.create(tunnel ? "http://" + line[1] : line[1]).getPort();
        if (refusing) {
            socket.end(Buffer.buffer("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"));
            return;
        }
        client.connect(port, "127.0.0.1").onSuccess(there -> {
            there.exceptionHandler(failure -> {});
            socket.handler(there::write);
            there.handler(socket::write);
            socket.closeHandler(closed -> there.close());
            there.closeHandler(closed -> socket.close());
            if (tunnel) {
                socket.write("HTTP/1.1 200 Connected\r\n\r\n");
            } else {
                there.write(head);
            }
            socket.resume();
        }).onFailure(failure -> socket.end(Buffer.buffer("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")));
    }

    @Override
    public void close() {
        server.close().await();
        client.close().await();
    }
}
