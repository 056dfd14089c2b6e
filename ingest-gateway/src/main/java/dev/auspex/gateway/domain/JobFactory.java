package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Webhook;
import dev.auspex.runtime.security.MasterSecret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns an accepted request into the job that is written to Kafka. Safe for any thread. */
public final class JobFactory {

    /** W3C Trace Context, version 00. */
    private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final Clock clock;
    private final RandomGenerator random;
    private final MasterSecret secret;

    /** @param random cryptographically strong: ids must not be guessable */
    public JobFactory(Clock clock, RandomGenerator random, MasterSecret secret) {
        this.clock = clock;
        this.random = random;
        this.secret = secret;
    }

    /**
     * What the request says besides version and owner.
     *
     * @param input checked
     * @param cancelAfter the time to the deadline; {@code null} for none
     * @param traceparent as the header came; dropped if it is not one
     */
    public record Wish(
            ObjectNode input, @Nullable Webhook webhook, @Nullable Duration cancelAfter, @Nullable String traceparent) {}

    /** A new job. @param baseUrl the API's public address as this client sees it */
    public Job create(AccountId account, PublishedVersion published, Wish wish, String baseUrl) {
        // The id holds milliseconds; what is shown must not disagree with it.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        PredictionId id = PredictionId.create(now, random);
        String traceparent = wish.traceparent();
        return new Job(
                id,
                account,
                published.model().name(),
                published.version().id(),
                published.version().runner(),
                published.hardware(),
                wish.input(),
                wish.webhook(),
                now,
                wish.cancelAfter() == null ? null : now.plus(wish.cancelAfter()),
                "api",
                baseUrl,
                urls(account, id, published.version().isIterator(), baseUrl),
                0,
                traceparent != null && TRACEPARENT.matcher(traceparent).matches() ? traceparent : null,
                published.model().limits(),
                null);
    }

    private PredictionUrls urls(AccountId account, PredictionId id, boolean streams, String baseUrl) {
        String get = baseUrl + "/v1/predictions/" + id;
        String stream = streams
                ? baseUrl + "/v1/streams/" + StreamToken.of(secret, account, id)
                : null;
        return new PredictionUrls(get, get, get + "/cancel", stream);
    }
}
