package dev.auspex.executor.video;

/** A picture that cannot be used; the message says why in words for whoever sent it, and another try does not help. */
public final class PictureException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message for whoever sent the picture or video */
    public PictureException(String message) {
        super(message);
    }

    PictureException(String message, Throwable cause) {
        super(message, cause);
    }
}
