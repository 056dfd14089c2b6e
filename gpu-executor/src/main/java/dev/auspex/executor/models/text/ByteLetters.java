package dev.auspex.executor.models.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The letters that byte-level vocabularies write bytes with: the printable ones stand for themselves, the others follow from 256. */
final class ByteLetters {

    private static final char[] LETTERS = new char[256];
    private static final Map<Character, Integer> BYTES = new HashMap<>();

    static {
        char next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae && b <= 0xff;
            LETTERS[b] = printable ? (char) b : next++;
            BYTES.put(LETTERS[b], b);
        }
    }

    private ByteLetters() {}

    static String of(String text) {
        StringBuilder letters = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            letters.append(LETTERS[b & 255]);
        }
        return letters.toString();
    }

    static byte[] bytes(String letters) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(letters.length());
        for (char letter : letters.toCharArray()) {
            Integer b = BYTES.get(letter);
            if (b == null) {
                // A word that was added as it is.
                return letters.getBytes(StandardCharsets.UTF_8);
            }
            bytes.write(b);
        }
        return bytes.toByteArray();
    }
}
