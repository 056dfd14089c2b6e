package dev.auspex.gateway.domain;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A page cut out of the router's answer without rendering its predictions again. */
public final class PredictionPage {

    private final byte[] results;
    private final @Nullable PredictionId last;

    private PredictionPage(byte[] results, @Nullable PredictionId last) {
        this.results = results;
        this.last = last;
    }

    /** A page with nothing on it. */
    public static PredictionPage empty() {
        return new PredictionPage(new byte[] {'[', ']'}, null);
    }

    /** The last prediction if there are more after it; {@code null} on the last page. */
    public @Nullable PredictionId last() {
        return last;
    }

    /**
     * Cuts the first page.
     *
     * @param array a JSON array of predictions, one more than fits a page if there are more
     * @param size how many fit
     * @param more whether others follow even if these are not more than fit
     * @throws IOException if it is not such an array
     */
    public static PredictionPage cut(byte[] array, int size, boolean more) throws IOException {
        try (JsonParser json = Json.mapper().getFactory().createParser(array)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("expected an array of predictions");
            }
            String last = null;
            int end = 0;
            for (int count = 0; json.nextToken() == JsonToken.START_OBJECT; count++) {
                if (count == size) {
                    return new PredictionPage(closed(array, end), new PredictionId(String.valueOf(last)));
                }
                last = readId(json);
                end = Math.toIntExact(json.currentLocation().getByteOffset());
            }
            return new PredictionPage(array, more && last != null ? new PredictionId(last) : null);
        } catch (IllegalArgumentException e) {
            throw new IOException("expected predictions with ids", e);
        }
    }

    /** The page as clients get it. @param next the absolute address of the next page; {@code null} on the last */
    public byte[] envelope(@Nullable String next) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(results.length + 256);
        body.writeBytes("{\"next\":".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(next == null ? "null".getBytes(StandardCharsets.UTF_8) : Json.bytes(next));
        // A router answers newest first from a position, so there is no way back to the page before.
        body.writeBytes(",\"previous\":null,\"results\":".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(results);
        body.write('}');
        return body.toByteArray();
    }

    private static @Nullable String readId(JsonParser json) throws IOException {
        String id = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isId = json.currentName().equals("id");
            json.nextToken();
            if (isId) {
                id = json.getText();
            } else {
                json.skipChildren();
            }
        }
        return id;
    }

    private static byte[] closed(byte[] array, int end) {
        byte[] cut = Arrays.copyOf(array, end + 1);
        cut[end] = ']';
        return cut;
    }
}
