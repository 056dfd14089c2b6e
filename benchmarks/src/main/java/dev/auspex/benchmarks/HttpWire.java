package dev.auspex.benchmarks;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one connection's bytes into HTTP/1.1 messages (RFC 9112), requests or responses: as much of HTTP as the driver
 * needs, at a fraction of a codec's cost. Bodies are framed by {@code content-length} only; what this platform's services
 * send is. One thread.
 */
final class HttpWire implements Handler<Buffer> {

    private static final int MAX_MESSAGE_BYTES = 4 << 20;
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final Handler<Message> messages;
    private final Handler<String> broken;
    private byte[] bytes = new byte[4096];
    private int length;
    private int searched;

    /**
     * One whole message.
     *
     * @param head start line and headers
     * @param body may be empty
     */
    record Message(byte[] head, byte[] body) {

        /** A response's status; 0 if the start line has none. */
        int status() {
            // "HTTP/1.1 201 …"
            if (head.length < 12) {
                return 0;
            }
            return (head[9] - '0') * 100 + (head[10] - '0') * 10 + (head[11] - '0');
        }

        /** A request's target, such as {@code /hook/1}. */
        String target() {
            int start = indexOf(head, ' ', 0) + 1;
            int end = indexOf(head, ' ', start);
            return new String(head, start, Math.max(0, end - start), StandardCharsets.ISO_8859_1);
        }

        /** A header's value; {@code null} if it is not there. @param name in lower case */
        @Nullable String header(String name) {
            int line = indexOf(head, '\n', 0) + 1;
            while (line > 0) {
                int end = indexOf(head, '\n', line);
                int stop = end < 0 ? head.length : end;
                if (isNamed(line, stop, name)) {
                    int value = line + name.length() + 1;
                    return new String(head, value, stop - value, StandardCharsets.ISO_8859_1).strip();
                }
                line = end + 1;
            }
            return null;
        }

        private boolean isNamed(int line, int stop, String name) {
            if (stop - line <= name.length() || head[line + name.length()] != ':') {
                return false;
            }
            for (int i = 0; i < name.length(); i++) {
                int c = head[line + i];
                if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != name.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private static int indexOf(byte[] bytes, char wanted, int from) {
            for (int i = from; i < bytes.length; i++) {
                if (bytes[i] == wanted) {
                    return i;
                }
            }
            return -1;
        }
    }

    /**
     * @param messages takes whole messages in order
     * @param broken takes a sentence when the peer sends something this class cannot frame; close the connection then
     */
    HttpWire(Handler<Message> messages, Handler<String> broken) {
        this.messages = messages;
        this.broken = broken;
    }

    @Override
    public void handle(Buffer data) {
        append(data);
        while (true) {
            int head = headEnd();
            if (head < 0) {
                break;
            }
            byte[] headBytes = Arrays.copyOf(bytes, head - 2);
            Message bodiless = new Message(headBytes, new byte[0]);
            int body = bodyLength(bodiless);
            if (body < 0) {
                broken.handle("a message without content-length");
                return;
            }
            if (length < head + body) {
                break;
            }
            Message message =
                    body == 0 ? bodiless : new Message(headBytes, Arrays.copyOfRange(bytes, head, head + body));
            remove(head + body);
            messages.handle(message);
        }
        if (length > MAX_MESSAGE_BYTES) {
            broken.handle("a message of more than " + MAX_MESSAGE_BYTES + " bytes");
        }
    }

    private void append(Buffer data) {
        if (bytes.length < length + data.length()) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + data.length()));
        }
        data.getBytes(bytes, length);
        length += data.length();
    }

    private int headEnd() {
        for (int at = searched; at <= length - HEAD_END.length; at++) {
            if (bytes[at] == '\r' && Arrays.equals(bytes, at, at + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
                // Found again until the body is whole: begin the next search here.
                searched = at;
                return at + HEAD_END.length;
            }
        }
        searched = Math.max(0, length - HEAD_END.length + 1);
        return -1;
    }

    private void remove(int count) {
        System.arraycopy(bytes, count, bytes, 0, length - count);
        length -= count;
        searched = 0;
    }

    private static int bodyLength(Message head) {
        String text = head.header("content-length");
        if (text == null) {
            boolean bodiless = head.header("transfer-encoding") == null && head.status() != 200;
            return bodiless ? 0 : -1;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
