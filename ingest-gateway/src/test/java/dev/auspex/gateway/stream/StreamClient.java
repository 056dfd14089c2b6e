package dev.auspex.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A reader of event streams that keeps every byte, on a plain socket so that it can also refuse to read. */
final class StreamClient implements AutoCloseable {

    private final Socket socket = new Socket();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile String head = "";

    StreamClient(int port, String path, String lastEventId) throws IOException {
        this(port, path, lastEventId, true);
    }

    private StreamClient(int port, String path, String lastEventId, boolean reading) throws IOException {
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                + (lastEventId == null ? "" : "Last-Event-ID: " + lastEventId + "\r\n") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        if (reading) {
            read();
            Awaitility.await().until(() -> !head.isEmpty() || ended.isDone());
        }
    }

    /** A client that sends its request and then does not read until {@link #read}. */
    static StreamClient unread(int port, String path) throws IOException {
        return new StreamClient(port, path, null, false);
    }

    /** Begins to read. */
    void read() {
        Thread.ofVirtual().start(() -> {
            try {
                InputStream in = socket.getInputStream();
                head = readHead(in);
                readChunks(in);
                ended.complete(true);
            } catch (IOException e) {
                ended.complete(false);
            }
        });
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) byteOf(in));
        }
        return text.toString();
    }

    // HTTP/1.1 chunked coding (RFC 9112 §7.1), without extensions.
    private void readChunks(InputStream in) throws IOException {
        while (true) {
            StringBuilder size = new StringBuilder();
            while (size.indexOf("\r\n") < 0) {
                size.append((char) byteOf(in));
            }
            int length = Integer.parseInt(size.toString().strip(), 16);
            byte[] chunk = in.readNBytes(length + 2);
            if (chunk.length < length + 2) {
                throw new IOException("broken off");
            }
            synchronized (body) {
                body.write(chunk, 0, length);
            }
            if (length == 0) {
                return;
            }
        }
    }

    private static int byteOf(InputStream in) throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new IOException("broken off");
        }
        return b;
    }

    String header(String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    String text() {
        synchronized (body) {
            return body.toString(StandardCharsets.UTF_8);
        }
    }

    String textWithoutKeepAlives() {
        return text().replace("\n:\n", "\n").replace("\n:\n", "\n");
    }

    /** Every event as {@code number name data}. */
    List<String> events() {
        List<String> events = new ArrayList<>();
        for (String block : textWithoutKeepAlives().split("\n\n")) {
            if (block.startsWith("event: ")) {
                String[] lines = block.split("\n", 3);
                String number = lines[1].substring(lines[1].lastIndexOf(':') + 1);
                events.add(number + " " + lines[0].substring(7) + " " + lines[2].substring(6));
            }
        }
        return events;
    }

    void awaitText(String expected) {
        Awaitility.await().untilAsserted(() -> assertThat(text()).contains(expected));
    }

    /** Waits until the server has ended the answer in order. */
    StreamClient awaitEnd() throws Exception {
        assertThat(ended.get(20, TimeUnit.SECONDS)).as("ended in order").isTrue();
        return this;
    }

    /** Waits until the server has broken the connection. */
    void awaitBroken() throws Exception {
        assertThat(ended.get(20, TimeUnit.SECONDS)).as("ended in order").isFalse();
    }

    boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
