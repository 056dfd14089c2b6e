package dev.auspex.runtime.config;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Readers of setting values; each throws IllegalArgumentException with what it expected. */
public final class Parsers {

    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");

    private Parsers() {}

    static ConfigKey.Parser<String> text() {
        return text -> text;
    }

    static ConfigKey.Parser<Integer> integer(int min, int max) {
        return text -> {
            try {
                int value = Integer.parseInt(text.strip());
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // reported below like a value out of bounds
            }
            throw new IllegalArgumentException("expected " + min + " to " + max);
        };
    }

    static ConfigKey.Parser<Duration> duration(Duration min, Duration max) {
        return text -> {
            Duration value = duration(text);
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new IllegalArgumentException("expected a duration between " + min + " and " + max);
            }
            return value;
        };
    }

    /** Reads {@code 250ms}, {@code 10s}, {@code 5m}, {@code 2h} or {@code 7d}. */
    public static Duration duration(String text) {
        Matcher matcher = QUANTITY.matcher(text.strip());
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            switch (matcher.group(2)) {
                case "ms" -> {
                    return Duration.ofMillis(amount);
                }
                case "s" -> {
                    return Duration.ofSeconds(amount);
                }
                case "m" -> {
                    return Duration.ofMinutes(amount);
                }
                case "h" -> {
                    return Duration.ofHours(amount);
                }
                case "d" -> {
                    return Duration.ofDays(amount);
                }
                default -> {
                    // no unit, or one that does not exist: refused below
                }
            }
        }
        throw new IllegalArgumentException("expected a duration such as 250ms, 10s, 5m, 2h or 7d");
    }

    static ConfigKey.Parser<Long> bytes(long min, long max) {
        return text -> {
            Matcher matcher = QUANTITY.matcher(text.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("expected a size such as 512KiB, 10MiB or 1GiB");
            }
            long unit = switch (matcher.group(2)) {
                case "", "B" -> 1L;
                case "KiB" -> 1L << 10;
                case "MiB" -> 1L << 20;
                case "GiB" -> 1L << 30;
                case "TiB" -> 1L << 40;
                default -> throw new IllegalArgumentException("expected a size such as 512KiB, 10MiB or 1GiB");
            };
            long value = Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
            if (value < min || value > max) {
                throw new IllegalArgumentException("expected " + min + " to " + max + " bytes");
            }
            return value;
        };
    }

    static ConfigKey.Parser<Boolean> bool() {
        return text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    static <T> ConfigKey.Parser<List<T>> list(ConfigKey.Parser<T> element) {
        return text -> Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(element::parse)
                .toList();
    }

    static ConfigKey.Parser<String> httpUrl() {
        return text -> {
            URI uri = URI.create(text.strip());
            if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                throw new IllegalArgumentException("expected an absolute http or https URL");
            }
            String url = uri.toString();
            return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        };
    }
}
