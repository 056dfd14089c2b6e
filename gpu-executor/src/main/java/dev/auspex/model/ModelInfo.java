package dev.auspex.model;

/**
 * What a model is called and what it gives.
 *
 * @param name lower-case, such as {@code motion-video}; served as {@code auspex/<name>}
 * @param description one line for people
 * @param output the form of its output
 * @param gpu whether it uses a GPU where there is one; others run on the {@code cpu} class only
 */
public record ModelInfo(String name, String description, OutputForm output, boolean gpu) {

    /** The form of a model's output. */
    public enum OutputForm {
        /** One string. */
        TEXT,
        /** Strings yielded one by one that make a text when concatenated; can be streamed. */
        TEXT_STREAM,
        /** One file. */
        FILE,
        /** Any JSON value. */
        JSON
    }
}
