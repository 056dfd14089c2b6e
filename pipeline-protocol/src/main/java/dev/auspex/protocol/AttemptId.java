package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Names one try of one executor to run a job. A redelivered job gets a new one, so output of different tries never mixes. Immutable; safe for any thread.
 *
 * @param value 20 to 32 characters of a-z and 0-9
 */
public record AttemptId(@JsonValue String value) {

    private static final IdForm FORM = new IdForm(20, 32, IdForm.LOWER_CASE_AND_DIGITS, "");

    /** @throws IllegalArgumentException if the text does not have the form; {@link #isValid} asks without throwing */
    @JsonCreator
    public AttemptId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("expected 20 to 32 characters of a-z and 0-9");
        }
    }

    /** A new id; later attempts sort after earlier ones as far as the executors' clocks agree. */
    public static AttemptId create(Instant now, RandomGenerator random) {
        return new AttemptId(PredictionId.create(now, random).value());
    }

    /** Whether the text has the form. Never throws. */
    public static boolean isValid(String text) {
        return FORM.fits(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
