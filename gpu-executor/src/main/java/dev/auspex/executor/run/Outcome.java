package dev.auspex.executor.run;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** How an attempt ended. */
sealed interface Outcome {

    /** For logs and metrics. */
    String word();

    /** @param output what the model gave; {@code null} for nothing */
    record Success(@Nullable JsonNode output) implements Outcome {
        @Override
        public String word() {
            return "succeeded";
        }
    }

    /**
     * @param error for the client
     * @param blame whose fault it was
     * @param cause for the operator's log; {@code null} when the model refused in its own words
     */
    record Failure(String error, Blame blame, @Nullable Throwable cause) implements Outcome {
        @Override
        public String word() {
            return "failed";
        }
    }

    /** Whose fault a failure was. */
    enum Blame {
        /** The model's or the input's: another try ends the same way. */
        MODEL,
        /** The platform's: another try may do better. */
        PLATFORM,
        /** The worker's, which cannot go on: another one may do better. */
        WORKER
    }

    /** Somebody asked, or the deadline came, and the model has stopped or never began. */
    record Stopped() implements Outcome {
        @Override
        public String word() {
            return "canceled";
        }
    }
}
