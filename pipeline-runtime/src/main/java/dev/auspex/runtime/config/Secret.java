package dev.auspex.runtime.config;

/** Text that must not appear in logs. @param value the text itself; never print it */
public record Secret(String value) {

    /** @throws IllegalArgumentException if it is empty */
    public Secret {
        if (value.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
    }

    @Override
    public String toString() {
        return "(hidden)";
    }
}
