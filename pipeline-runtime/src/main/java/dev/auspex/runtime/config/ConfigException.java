package dev.auspex.runtime.config;

import java.util.List;

/** The configuration cannot be used. Exit code 2; retrying does not help until somebody changes it. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param problems each with key, value and what was expected */
    public ConfigException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }

    /** A single problem. */
    public ConfigException(String problem) {
        super(problem);
    }
}
