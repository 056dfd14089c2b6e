package dev.auspex.runtime.config;

import org.jspecify.annotations.Nullable;

/**
 * One setting: how it is called, read, bounded and explained. {@code http.port} is {@code AUSPEX_HTTP_PORT} in the
 * environment and {@code http: {port: …}} in a file.
 *
 * @param <T> the type of its value
 * @param name lower-case words with dots
 * @param defaultValue as text, read by the same parser; {@code null} if the key may be absent
 * @param parser reads the text
 * @param expected what the parser takes, for error messages and the reference table
 * @param description one sentence for the reference table
 */
public record ConfigKey<T>(
        String name, @Nullable String defaultValue, Parser<T> parser, String expected, String description) {

    /** Reads a value. */
    @FunctionalInterface
    public interface Parser<T> {
        /** @throws IllegalArgumentException if the text is not acceptable */
        T parse(String text);
    }

    /** The environment variable of this key. */
    public String variable() {
        return "AUSPEX_" + name.replace('.', '_').toUpperCase(java.util.Locale.ROOT);
    }
}
