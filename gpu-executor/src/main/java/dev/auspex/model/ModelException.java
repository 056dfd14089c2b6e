package dev.auspex.model;

/** This input cannot be served: the message is the prediction's error, and trying again does not help. */
public class ModelException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message for the client: names the field, what was expected and what came */
    public ModelException(String message) {
        super(message);
    }

    /** @param message for the client */
    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
