package dev.auspex.executor.cog;

import org.jspecify.annotations.Nullable;

/** A Cog server did not do its part: not the model's or the input's fault. The message reaches the client. */
public final class CogException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean died;

    /**
     * @param message for the client, without addresses
     * @param died whether the server ended while it ran the prediction
     */
    CogException(String message, boolean died, @Nullable Throwable cause) {
        super(message, cause);
        this.died = died;
    }

    /** Whether the server ended while it ran the prediction; another one may do better, or end of it too. */
    public boolean died() {
        return died;
    }
}
