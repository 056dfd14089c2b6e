package dev.auspex.protocol.delivery;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import java.util.random.RandomGenerator;

/**
 * Names a registered webhook endpoint. Immutable; safe for any thread.
 *
 * @param value {@code ep_} and 20 characters of {@code a-z2-7}
 */
public record EndpointId(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("ep_[a-z2-7]{20}");
    private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 20;

    /** @throws IllegalArgumentException if the text does not have the form */
    @JsonCreator
    public EndpointId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not an endpoint id: expected ep_ and 20 base32 characters");
        }
    }

    /** A new one: 100 random bits. @param random a secure source */
    public static EndpointId create(RandomGenerator random) {
        StringBuilder text = new StringBuilder("ep_");
        for (int i = 0; i < LENGTH; i++) {
            text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return new EndpointId(text.toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
