package dev.auspex.dispatcher.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keys of the store: a kind, names ended by a zero byte, and a position, so that a prefix scan is in order of time. */
final class LogKeys {

    /** An entry of an account: the result's JSON. */
    static final char ENTRY = 'a';
    /** The same entry under its prediction: empty. */
    static final char OF_PREDICTION = 'p';
    /** A message that was given up, under its account: the message's id. */
    static final char DEAD = 'x';
    /** Where a dead message's key is, under its id. */
    static final char DEAD_ID = 'y';
    /** What has been read of a partition. */
    static final char READ = 'r';

    private LogKeys() {}

    /** The beginning of all keys of a kind and names. */
    static byte[] prefix(char kind, String... names) {
        StringBuilder text = new StringBuilder().append(kind);
        for (String name : names) {
            text.append(name).append('\0');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] key(byte[] prefix, LogPosition position) {
        ByteBuffer key = ByteBuffer.allocate(prefix.length + LogPosition.BYTES).put(prefix);
        position.write(key);
        return key.array();
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        if (key.length != prefix.length + LogPosition.BYTES) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (key[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** The position at the end of a key. */
    static LogPosition position(byte[] key) {
        return LogPosition.read(ByteBuffer.wrap(key, key.length - LogPosition.BYTES, LogPosition.BYTES));
    }
}
