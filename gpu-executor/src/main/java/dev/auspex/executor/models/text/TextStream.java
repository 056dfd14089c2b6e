package dev.auspex.executor.models.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What has been said but not been given out: bytes that do not make a whole character yet, and text that may become a stop
 * string. One thread.
 */
final class TextStream {

    private final List<String> stops;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    /** @param stops where the text ends; not given out themselves */
    TextStream(List<String> stops) {
        this.stops = stops;
    }

    /** Takes a piece. @return what can be given out now; may be empty */
    String add(byte[] piece) {
        bytes.writeBytes(piece);
        byte[] all = bytes.toByteArray();
        int whole = wholeCharacters(all);
        held.append(new String(all, 0, whole, StandardCharsets.UTF_8));
        bytes.reset();
        bytes.write(all, whole, all.length - whole);
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0) {
                held.setLength(at);
                stopped = true;
            }
        }
        return take(stopped ? held.length() : held.length() - mayBecomeStop());
    }

    /** Whether a stop string came. */
    boolean stopped() {
        return stopped;
    }

    /** The text is at its end. @return what was still held */
    String finish() {
        if (!stopped) {
            held.append(new String(bytes.toByteArray(), StandardCharsets.UTF_8));
        }
        bytes.reset();
        return take(held.length());
    }

    private String take(int count) {
        String text = held.substring(0, count);
        held.delete(0, count);
        return text;
    }

    private int mayBecomeStop() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    /** Bytes without the begin of a character at their end. */
    private static int wholeCharacters(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int b = bytes[bytes.length - back] & 255;
            if (b >= 0xc0) {
                int needed = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                return needed > back ? bytes.length - back : bytes.length;
            }
            if (b < 0x80) {
                break;
            }
        }
        return bytes.length;
    }
}
