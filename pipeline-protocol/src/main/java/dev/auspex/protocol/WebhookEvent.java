package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The kinds of event a webhook can ask for with {@code webhook_events_filter}. */
public enum WebhookEvent {
    /** The prediction starts running. */
    START,
    /** New output; at most one message per 500 ms. */
    OUTPUT,
    /** New log text; at most one message per 500 ms. */
    LOGS,
    /** The prediction reached a terminal status. */
    COMPLETED,
    /** The prediction was accepted and waits for its turn. */
    QUEUED,
    /** The model reported progress; throttled together with output and logs. */
    PROGRESS,
    /** An attempt was lost or failed and another one will be made. */
    RETRYING;

    /** What a webhook receives when no filter was given, as on Replicate. */
    public static final Set<WebhookEvent> DEFAULT = Set.of(OUTPUT, COMPLETED);

    /** All names, for messages to clients. */
    public static final String NAMES =
            Arrays.stream(values()).map(WebhookEvent::wireName).collect(Collectors.joining(", "));

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The lower-case name used in JSON and headers. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The event of that name; empty if there is none. */
    public static Optional<WebhookEvent> parse(String wireName) {
        for (WebhookEvent event : values()) {
            if (event.wireName.equals(wireName)) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }

    /** @throws IllegalArgumentException if no event has this name */
    @JsonCreator
    public static WebhookEvent of(String wireName) {
        return parse(wireName).orElseThrow(
                () -> new IllegalArgumentException("expected one of " + NAMES));
    }
}
