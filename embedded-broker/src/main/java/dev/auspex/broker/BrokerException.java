package dev.auspex.broker;

import org.jspecify.annotations.Nullable;

/** The broker cannot start; the message is one sentence for people. */
public final class BrokerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
