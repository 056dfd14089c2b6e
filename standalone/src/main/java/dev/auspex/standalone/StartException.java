package dev.auspex.standalone;

/** Auspex cannot start here; the message is one sentence for people that says what to do. */
final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }
}
