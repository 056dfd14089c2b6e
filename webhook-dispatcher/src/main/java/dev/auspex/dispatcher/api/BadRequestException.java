package dev.auspex.dispatcher.api;

/** A refusal on its way to the client: what was expected, for the client's eyes. Carries no stack trace. */
final class BadRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadRequestException(String field, String expected) {
        super("- " + field + ": expected " + expected + "\n", null, false, false);
    }
}
