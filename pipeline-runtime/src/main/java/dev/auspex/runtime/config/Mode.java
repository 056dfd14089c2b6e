package dev.auspex.runtime.config;

/** What an installation is for, which decides what happens to settings that could lose or expose something. */
public enum Mode {
    /** Refused: the process ends with every one of them listed. */
    PRODUCTION,
    /** Allowed with a warning for each, for trying things out on one machine. */
    DEVELOPMENT;

    /** Reads {@code production} or {@code development}. */
    static Mode of(String text) {
        return valueOf(text.strip().toUpperCase(java.util.Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
