package dev.auspex.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try of an executor to run a prediction, as the router knows it and clients see it in {@code attempts}. Immutable;
 * safe for any thread.
 *
 * @param number counts a prediction's attempts from 1
 * @param id carried by all its events
 * @param executor who made it; {@code null} if a worker took the job and vanished without a word
 * @param hardware the class it ran on
 * @param startedAt when the model began; {@code null} if it did not, as far as is known
 * @param endedAt when it ended or was given up; {@code null} while it runs
 * @param outcome how it stands
 * @param error why it failed or was given up, shortened; {@code null} if it was not
 */
public record Attempt(
        int number,
        AttemptId id,
        @Nullable ExecutorId executor,
        HardwareClass hardware,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        AttemptOutcome outcome,
        @Nullable String error) {

    /** Of an error, in characters: the prediction's own error is whole, what earlier attempts said is not worth more. */
    private static final int MAX_ERROR = 300;

    /** Shortens the error. */
    public Attempt {
        error = error == null || error.length() <= MAX_ERROR ? error : shortened(error);
    }

    // Half a surrogate pair is no text: JSON refuses it.
    private static String shortened(String text) {
        int end = Character.isHighSurrogate(text.charAt(MAX_ERROR - 2)) ? MAX_ERROR - 2 : MAX_ERROR - 1;
        return text.substring(0, end) + "…";
    }

    /** The same attempt at its end. */
    public Attempt ended(AttemptOutcome how, Instant at, @Nullable String why) {
        return new Attempt(number, id, executor, hardware, startedAt, at, how, why);
    }
}
