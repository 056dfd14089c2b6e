package dev.auspex.runtime.files;

import dev.auspex.protocol.PredictionId;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** Names a stored file; of the same unguessable, time-ordered form as a prediction id. */
public record FileId(String value) {

    /** @throws IllegalArgumentException if the text is not an id */
    public FileId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a file id: expected 26 base32 characters");
        }
    }

    /** Whether the text has the form of an id; only then may it become part of a path. */
    public static boolean isValid(String text) {
        return PredictionId.isValid(text);
    }

    /** A new id. */
    public static FileId create(Instant now, RandomGenerator random) {
        return new FileId(PredictionId.create(now, random).value());
    }

    @Override
    public String toString() {
        return value;
    }
}
