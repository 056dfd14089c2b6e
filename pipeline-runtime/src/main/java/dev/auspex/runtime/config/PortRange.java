package dev.auspex.runtime.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some ports in a row.
 *
 * @param first the lowest
 * @param last the highest
 */
public record PortRange(int first, int last) {

    /** The highest port there is. */
    public static final int LAST = 65_535;
    private static final Pattern FORM = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    /** @throws IllegalArgumentException if the bounds are not ports in order */
    public PortRange {
        if (first < 1 || last > LAST || first > last) {
            throw new IllegalArgumentException("expected ports of 1 to " + LAST);
        }
    }

    /** Reads {@code 443} or {@code 1024-65535}. @throws IllegalArgumentException for anything else */
    public static PortRange parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a port or first-last");
        }
        int first = Integer.parseInt(matcher.group(1));
        return new PortRange(first, matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2)));
    }

    /** Whether a port is one of them. */
    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
