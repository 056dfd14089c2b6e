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
public record PredictionUrls(String web, String get, String cancel, @Nullable String stream) {

    /**
     * The addresses of a new prediction.
     *
     * @param baseUrl the API's public address without a trailing slash
     * @param stream path of the stream below {@code /v1}, such as {@code streams/<token>}; {@code null} if the model cannot
     *     stream
     */
    public static PredictionUrls of(String baseUrl, PredictionId id, @Nullable String stream) {
        String get = baseUrl + "/v1/predictions/" + id;
        return new PredictionUrls(get, get, get + "/cancel", stream == null ? null : baseUrl + "/v1/" + stream);
    }
}
