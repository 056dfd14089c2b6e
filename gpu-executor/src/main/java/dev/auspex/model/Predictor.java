package dev.auspex.model;

import org.jspecify.annotations.Nullable;

/**
 * A model that is set up. Called from one thread per slot, never from two slots at once for the same instance.
 *
 * @param <I> the input record
 */
public interface Predictor<I extends Record> extends AutoCloseable {

    /**
     * Runs once.
     *
     * @return the output: text, number, boolean, JSON tree, {@link OutputFile}, a list of these, or {@code null}; models
     *     that yield return {@code null} and call {@link PredictionContext#yield}
     * @throws ModelException if this input cannot be served; the message is the prediction's error
     * @throws CanceledException from {@link PredictionContext#checkCanceled}
     * @throws Exception any other failure; its message becomes the prediction's error
     */
    @Nullable Object predict(I input, PredictionContext context) throws Exception;

    @Override
    default void close() throws Exception {}
}
