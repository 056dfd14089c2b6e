package dev.auspex.protocol.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Names a token without being one. Immutable; safe for any thread.
 *
 * @param value {@code tok_} and 20 characters of {@code a-z2-7}
 */
public record TokenId(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("tok_[a-z2-7]{20}");
    private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 20;

    /** @throws IllegalArgumentException if the text does not have the form; {@link #isValid} asks without throwing */
    @JsonCreator
    public TokenId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a token id: expected tok_ and 20 base32 characters");
        }
    }

    /** A new one: 100 random bits. */
    public static TokenId create(RandomGenerator random) {
        StringBuilder text = new StringBuilder("tok_");
        for (int i = 0; i < LENGTH; i++) {
            text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return new TokenId(text.toString());
    }

    /** Whether the text has the form. Never throws. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
