package dev.auspex.runtime.lifecycle;

/** A service cannot start now because something outside is missing; another start may find it. */
public final class NotYetException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message sentences for whoever operates it */
    public NotYetException(String message) {
        super(message);
    }
}
