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
     * @param streamToken what the stream's address ends with; {@code null} if the model cannot stream
     */
    public static PredictionUrls of(String baseUrl, PredictionId id, @Nullable String streamToken) {
        String get = baseUrl + "/v1/predictions/" + id;
        return new PredictionUrls(
                get, get, get + "/cancel", streamToken == null ? null : baseUrl + "/v1/streams/" + streamToken);
    }
}
