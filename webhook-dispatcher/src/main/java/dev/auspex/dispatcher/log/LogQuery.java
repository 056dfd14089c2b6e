package dev.auspex.dispatcher.log;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.EndpointId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of an account are wanted, newest first.
 *
 * @param account whose
 * @param prediction only those about it; {@code null} for any
 * @param filter which of them
 * @param range from when
 * @param dead only messages that were given up and not sent since
 */
public record LogQuery(
        AccountId account, @Nullable PredictionId prediction, Filter filter, Range range, boolean dead) {

    /**
     * What an entry has to be; {@code null} for anything.
     *
     * @param url the exact address, or its beginning if it ends with {@code *}
     * @param event the kind of news
     * @param outcome how the attempt ended
     * @param endpoint the registered endpoint
     */
    public record Filter(
            @Nullable String url,
            @Nullable WebhookEvent event,
            @Nullable Outcome outcome,
            @Nullable EndpointId endpoint) {

        /** Everything. */
        public static final Filter ANY = new Filter(null, null, null, null);

        boolean accepts(DeliveryResult result) {
            return (event == null || result.delivery().event() == event)
                    && (outcome == null || result.outcome() == outcome)
                    && (endpoint == null || endpoint.equals(result.delivery().endpoint()))
                    && (url == null || isAt(url, result.delivery().url()));
        }

        private static boolean isAt(String wanted, String url) {
            return wanted.endsWith("*")
                    ? url.startsWith(wanted.substring(0, wanted.length() - 1))
                    : url.equals(wanted);
        }
    }

    /**
     * The part of the log to look at.
     *
     * @param from the earliest time
     * @param to the time before which
     * @param before where the page before this one ended; {@code null} for the first
     * @param limit entries at most
     */
    public record Range(Instant from, Instant to, @Nullable LogPosition before, int limit) {

        /** Everything, so many at most. */
        public static Range newest(int limit) {
            return new Range(Instant.EPOCH, Instant.ofEpochMilli(Long.MAX_VALUE), null, limit);
        }

        LogPosition end() {
            LogPosition end = LogPosition.at(to);
            return before != null && before.millis() < end.millis() ? before : end;
        }
    }

    /** The same from another place on. */
    public LogQuery before(LogPosition position) {
        return new LogQuery(account, prediction, filter,
                new Range(range.from(), range.to(), position, range.limit()), dead);
    }
}
