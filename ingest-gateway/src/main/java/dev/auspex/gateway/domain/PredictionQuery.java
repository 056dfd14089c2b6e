package dev.auspex.gateway.domain;

import dev.auspex.protocol.PredictionId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which predictions a client wants listed. Ids sort by creation time, so every bound is an id.
 *
 * @param before only older ones than this, exclusive; {@code null} to begin with the newest
 * @param from not older than this, inclusive; {@code null} for no bound
 * @param to older than this, exclusive; {@code null} for no bound
 * @param after only the oldest ones that are newer than this, which is the page before one; {@code null} for no bound
 * @param webOnly only those made in a browser
 * @param filters the query parameters that later pages must repeat, as the client wrote them
 */
public record PredictionQuery(
        @Nullable PredictionId before,
        @Nullable PredictionId from,
        @Nullable PredictionId to,
        @Nullable PredictionId after,
        boolean webOnly,
        Map<String, String> filters) {

    /** Predictions on a page. */
    public static final int PAGE = 100;

    private static final String AFTER = "created_after";
    private static final String BEFORE = "created_before";

    /**
     * Reads the query parameters of a list, which are of the documented form.
     *
     * @param parameter gives a query parameter's value or {@code null}
     * @throws ApiException 422 naming what cannot be read
     */
    public static PredictionQuery parse(Function<String, @Nullable String> parameter) {
        FieldProblems problems = new FieldProblems();
        Map<String, String> filters = new java.util.TreeMap<>();
        PredictionId from = bound(AFTER, parameter.apply(AFTER), filters, problems);
        PredictionId to = bound(BEFORE, parameter.apply(BEFORE), filters, problems);
        String source = parameter.apply("source");
        if (source != null) {
            filters.put("source", source);
        }
        problems.throwIfAny();
        String cursor = parameter.apply("cursor");
        if (cursor == null) {
            return new PredictionQuery(null, from, to, null, source != null, filters);
        }
        Cursor.Place place = Cursor.place(cursor);
        if (!PredictionId.isValid(place.position())) {
            throw Cursor.invalid();
        }
        PredictionId at = new PredictionId(place.position());
        return new PredictionQuery(
                place.back() ? null : at, from, to, place.back() ? at : null, source != null, filters);
    }

    /** The query string of the page with older ones; {@code null} if this is the last. @param page answers this query */
    public @Nullable String next(PredictionPage page) {
        boolean more = after != null || page.hasMore();
        return page.last() == null || !more ? null : page(Cursor.of(page.last().value()));
    }

    /** The query string of the page with newer ones; {@code null} if this is the first. @param page answers this query */
    public @Nullable String previous(PredictionPage page) {
        boolean more = after == null ? before != null : page.hasMore();
        return page.first() == null || !more ? null : page(Cursor.back(page.first().value()));
    }

    private String page(String cursor) {
        StringJoiner query = new StringJoiner("&");
        query.add("cursor=" + cursor);
        filters.forEach((name, value) -> query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return query.toString();
    }

    private static @Nullable PredictionId bound(
            String name, @Nullable String text, Map<String, String> filters, FieldProblems problems) {
        if (text == null) {
            return null;
        }
        filters.put(name, text);
        try {
            // An unescaped "+02:00" in a query string arrives as " 02:00".
            Instant time = instant(text.replace(' ', '+'));
            // Ids hold milliseconds: the first id that is not before the time is that of the next full one.
            Instant millis = Instant.ofEpochMilli(time.toEpochMilli());
            return PredictionId.lowerBound(millis.isBefore(time) ? millis.plusMillis(1) : millis);
        } catch (DateTimeException | ArithmeticException e) {
            problems.add(name, FieldProblems.FORMAT, "expected an ISO 8601 time such as 2026-01-31T12:00:00Z");
            return null;
        }
    }

    static Instant instant(String text) {
        TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                text.length() == 10 ? text + "T00:00:00" : text, OffsetDateTime::from, LocalDateTime::from);
        return time instanceof OffsetDateTime offset
                ? offset.toInstant()
                : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
    }
}
