package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names what a request claims within its account: a hash, so that a client's key is neither stored nor logged. Immutable;
 * safe for any thread.
 *
 * @param value 64 lower-case hexadecimal digits
 */
public record ClaimId(@JsonValue String value) {

    private static final IdForm FORM = new IdForm(64, 64, "0123456789abcdef", "");

    /** @throws IllegalArgumentException if the text does not have the form; {@link #isValid} asks without throwing */
    @JsonCreator
    public ClaimId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("expected 64 lower-case hexadecimal digits");
        }
    }

    /** Whether the text has the form. Never throws. */
    public static boolean isValid(String text) {
        return FORM.fits(text);
    }

    /** The claim on a text. @param purpose keeps texts of different kinds apart */
    public static ClaimId of(String purpose, String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] hash = sha256.digest((purpose + "\n" + text).getBytes(StandardCharsets.UTF_8));
            return new ClaimId(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
