package dev.auspex.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The absolute addresses shown in a prediction's {@code urls}; fixed when it is created.
 *
 * @param web the page for people
 * @param get the prediction itself
 * @param cancel the address to post a cancellation to
 * @param stream the self-authorising event stream; {@code null} if the model cannot stream
 */
public record PredictionUrls(String web, String get, String cancel, @Nullable String stream) {}
