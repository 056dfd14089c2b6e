package dev.auspex.router.replay;

/** A replay cannot be done as it was asked for; the message is for the client. Trying again does not help. */
public final class ReplayRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReplayRefusedException(String message) {
        super(message);
    }
}
