package dev.auspex.gateway.domain;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The preference {@code wait} or {@code wait=n} of the header {@code Prefer} (RFC 7240).
 *
 * @param applied what {@code Preference-Applied} says: what the client sent
 * @param limit how long the answer may take, counted from the request
 */
public record WaitPreference(String applied, Duration limit) {

    private static final Pattern FORM = Pattern.compile("wait(?:\\s*=\\s*\"?(\\d{1,9})\"?)?");
    private static final int MAX_SECONDS = 60;
    /** Clients give up reading at 60 s and some then send the request again: stay clear of it. */
    private static final Duration LONGEST = Duration.ofSeconds(57);

    /** Empty if no header asks to wait. Preferences that cannot be read are ignored, as the RFC demands. */
    public static Optional<WaitPreference> parse(List<String> headers) {
        for (String header : headers) {
            for (String preference : header.split(",", -1)) {
                int parameters = preference.indexOf(';');
                String text = (parameters < 0 ? preference : preference.substring(0, parameters)).strip();
                Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
                if (matcher.matches()) {
                    String seconds = matcher.group(1);
                    int n = seconds == null ? MAX_SECONDS : Math.clamp(Long.parseLong(seconds), 1, MAX_SECONDS);
                    return Optional.of(new WaitPreference(text, limit(n)));
                }
            }
        }
        return Optional.empty();
    }

    /** A second early where there is room for it, a tenth early where n is small. */
    private static Duration limit(int n) {
        Duration limit = n >= 10 ? Duration.ofSeconds(n - 1L) : Duration.ofMillis(n * 900L);
        return limit.compareTo(LONGEST) > 0 ? LONGEST : limit;
    }
}
