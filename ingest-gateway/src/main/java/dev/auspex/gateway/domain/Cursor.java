package dev.auspex.gateway.domain;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The opaque text that says where a page begins. */
public final class Cursor {

    /** Before the position of what a page ends at, where others begin after theirs. */
    private static final String BACK = "<";

    private Cursor() {}

    /** Hides the position of a page that ends before it. */
    public static String back(String position) {
        return of(BACK + position);
    }

    /** What a cursor says. @param back whether the page ends before the position instead of beginning after it */
    public record Place(String position, boolean back) {}

    /** @throws ApiException 422 if none of our pages gave out such a cursor */
    public static Place place(String cursor) {
        String text = read(cursor).orElseThrow(Cursor::invalid);
        return text.startsWith(BACK) ? new Place(text.substring(BACK.length()), true) : new Place(text, false);
    }

    /** Hides a position. */
    public static String of(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    /** The position behind a cursor; empty if the text is none. */
    public static Optional<String> read(String cursor) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The refusal of a cursor that none of our pages gave out. */
    public static ApiException invalid() {
        return ApiException.invalid("cursor", FieldProblems.FORMAT, "this is not a cursor of an earlier page");
    }
}
