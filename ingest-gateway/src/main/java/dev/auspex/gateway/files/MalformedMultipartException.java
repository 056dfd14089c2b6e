package dev.auspex.gateway.files;

import java.io.IOException;

/** A request body that is not well-formed {@code multipart/form-data}. The message is for the client. */
final class MalformedMultipartException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedMultipartException(String message) {
        super(message);
    }
}
