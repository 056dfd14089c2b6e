package dev.auspex.gateway.domain;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page cut out of the router's answer without rendering its predictions again. */
public final class PredictionPage {

    private final byte[] results;
    private final @Nullable PredictionId first;
    private final @Nullable PredictionId last;
    private final boolean more;

    private PredictionPage(byte[] results, @Nullable PredictionId first, @Nullable PredictionId last, boolean more) {
        this.results = results;
        this.first = first;
        this.last = last;
        this.more = more;
    }

    /** A page with nothing on it. */
    public static PredictionPage empty() {
        return new PredictionPage(new byte[] {'[', ']'}, null, null, false);
    }

    /** The newest prediction; {@code null} on an empty page. */
    public @Nullable PredictionId first() {
        return first;
    }

    /** The oldest prediction; {@code null} on an empty page. */
    public @Nullable PredictionId last() {
        return last;
    }

    /** Whether there are others beyond it, in the direction in which it was read. */
    public boolean hasMore() {
        return more;
    }

    /**
     * Cuts a page.
     *
     * @param array a JSON array of predictions, one more than fits a page if there are more
     * @param size how many fit
     * @param cut whether others follow even if these are not more than fit
     * @param backward whether the array is oldest first; the page is newest first either way
     * @throws IOException if it is not such an array
     */
    public static PredictionPage cut(byte[] array, int size, boolean cut, boolean backward) throws IOException {
        List<Entry> entries = new ArrayList<>();
        boolean more = cut;
        try (JsonParser json = Json.mapper().getFactory().createParser(array)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("expected an array of predictions");
            }
            while (json.nextToken() == JsonToken.START_OBJECT) {
                if (entries.size() == size) {
                    more = true;
                    break;
                }
                int begin = Math.toIntExact(json.currentTokenLocation().getByteOffset());
                PredictionId id = new PredictionId(String.valueOf(readId(json)));
                entries.add(new Entry(id, begin, Math.toIntExact(json.currentLocation().getByteOffset())));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("expected predictions with ids", e);
        }
        if (entries.isEmpty()) {
            return empty();
        }
        List<Entry> shown = backward ? entries.reversed() : entries;
        return new PredictionPage(
                joined(array, shown), shown.getFirst().id(), shown.getLast().id(), more);
    }

    private record Entry(PredictionId id, int begin, int end) {}

    private static byte[] joined(byte[] array, List<Entry> entries) {
        ByteArrayOutputStream results = new ByteArrayOutputStream(array.length);
        results.write('[');
        for (Entry entry : entries) {
            if (results.size() > 1) {
                results.write(',');
            }
            results.write(array, entry.begin(), entry.end() - entry.begin());
        }
        results.write(']');
        return results.toByteArray();
    }

    /**
     * The page as clients get it.
     *
     * @param next the absolute address of the page with older ones; {@code null} on the last
     * @param previous the absolute address of the page with newer ones; {@code null} on the first
     */
    public byte[] envelope(@Nullable String next, @Nullable String previous) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(results.length + 512);
        body.writeBytes("{\"next\":".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(text(next));
        body.writeBytes(",\"previous\":".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(text(previous));
        body.writeBytes(",\"results\":".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(results);
        body.write('}');
        return body.toByteArray();
    }

    private static byte[] text(@Nullable String address) {
        return address == null ? "null".getBytes(StandardCharsets.UTF_8) : Json.bytes(address);
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
}
