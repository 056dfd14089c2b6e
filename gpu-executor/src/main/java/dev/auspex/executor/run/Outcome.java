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
     * @param retryable whether another worker may do better
     * @param cause for the operator's log; {@code null} when the model refused in its own words
     */
    record Failure(String error, boolean retryable, @Nullable Throwable cause) implements Outcome {
        @Override
        public String word() {
            return "failed";
        }
    }

    /** Somebody asked, and the model has stopped or never began. */
    record Stopped() implements Outcome {
        @Override
        public String word() {
            return "canceled";
        }
    }
}
