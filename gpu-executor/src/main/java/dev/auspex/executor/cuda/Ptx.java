package dev.auspex.executor.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Kernels as PTX text, which the driver compiles for its device.
 *
 * @param name for messages
 * @param text the PTX
 */
public record Ptx(String name, String text) {

    /**
     * Reads one that comes with this module.
     *
     * @param name file name without {@code .ptx}
     * @throws IOException if there is none
     */
    public static Ptx resource(String name) throws IOException {
        try (InputStream in = Ptx.class.getResourceAsStream(name + ".ptx")) {
            if (in == null) {
                throw new IOException("no kernels called " + name + " in this module");
            }
            return new Ptx(name, new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    /** SHA-256 of the text. */
    String hash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** The text as the driver takes it: with a zero at the end. */
    byte[] bytes() {
        return (text + "\0").getBytes(StandardCharsets.US_ASCII);
    }
}
