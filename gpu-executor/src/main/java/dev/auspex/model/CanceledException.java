package dev.auspex.model;

/** The prediction was asked to stop and did. */
public final class CanceledException extends Exception {

    private static final long serialVersionUID = 1L;

    /** The model stops here. */
    public CanceledException() {
        super("canceled", null, false, false);
    }
}
