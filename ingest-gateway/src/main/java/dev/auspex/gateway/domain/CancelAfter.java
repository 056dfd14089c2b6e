package dev.auspex.gateway.domain;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the header {@code Cancel-After}: {@code 30}, {@code 30s}, {@code 5m}, {@code 1h30m45s}; 5 s to 24 h. */
public final class CancelAfter {

    /** The header's name. */
    public static final String HEADER = "Cancel-After";

    private static final Duration MIN = Duration.ofSeconds(5);
    private static final Duration MAX = Duration.ofHours(24);
    private static final Pattern FORM =
            Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,6})s?)?", Pattern.CASE_INSENSITIVE);

    private CancelAfter() {}

    /** The time from creation to the deadline. @throws ApiException 422 if it cannot be read or is out of bounds */
    public static Duration parse(String header) {
        String text = header.strip();
        Matcher matcher = FORM.matcher(text);
        // "1h30" is not a duration: digits without a unit stand alone and mean seconds.
        boolean unitMissing = !text.isEmpty() && Character.isDigit(text.charAt(text.length() - 1));
        if (text.isEmpty() || !matcher.matches() || (unitMissing && text.length() != length(matcher, 3))) {
            throw invalid();
        }
        Duration value = Duration.ofHours(amount(matcher, 1))
                .plusMinutes(amount(matcher, 2))
                .plusSeconds(amount(matcher, 3));
        if (value.compareTo(MIN) < 0 || value.compareTo(MAX) > 0) {
            throw invalid();
        }
        return value;
    }

    private static long amount(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }

    private static int length(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : matcher.group(group).length();
    }

    private static ApiException invalid() {
        return ApiException.invalid(
                HEADER, FieldProblems.FORMAT, "expected seconds or a duration such as 30s, 5m or 1h30m, from 5s to 24h");
    }
}
