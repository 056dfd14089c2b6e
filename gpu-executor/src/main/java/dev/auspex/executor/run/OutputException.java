package dev.auspex.executor.run;

import org.jspecify.annotations.Nullable;

/** What a model gave cannot be kept. The message is for the client. */
final class OutputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    /** @param retryable whether the platform, not the model, is to blame */
    OutputException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    boolean retryable() {
        return retryable;
    }
}
