package dev.auspex.gateway.domain;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The opaque text that says where a page begins. */
public final class Cursor {

    private Cursor() {}

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
