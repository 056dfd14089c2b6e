package dev.auspex.dispatcher.delivery;

import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.runtime.metrics.Metric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts, times and logs every result. Meters are made once: the path is hot. Safe for any thread. */
final class DeliveryMetrics {

    private static final Logger LOG = LoggerFactory.getLogger("dev.auspex.dispatcher.Delivery");

    private record Meters(Map<Outcome, Counter> attempts, Timer latency, Counter givenUp) {}

    private final Map<WebhookEvent, Meters> events = new EnumMap<>(WebhookEvent.class);
    private final Timer duration;

    DeliveryMetrics(MeterRegistry registry) {
        duration = Metric.WEBHOOK_DURATION.timer(registry);
        for (WebhookEvent event : WebhookEvent.values()) {
            Map<Outcome, Counter> attempts = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                attempts.put(outcome, Metric.WEBHOOK_ATTEMPTS.counter(registry, event.wireName(), outcome.wireName()));
            }
            events.put(event, new Meters(
                    attempts,
                    Metric.WEBHOOK_LATENCY.timer(registry, event.wireName()),
                    Metric.WEBHOOK_GIVEN_UP.counter(registry, event.wireName())));
        }
    }

    /** @param host where it went, for the log; never the whole URL */
    void record(DeliveryResult result, String host) {
        Meters meters = Objects.requireNonNull(events.get(result.delivery().event()));
        Objects.requireNonNull(meters.attempts().get(result.outcome())).increment();
        if (result.outcome() != Outcome.POSTPONED) {
            duration.record(Duration.ofMillis(result.elapsedMillis()));
        }
        if (result.outcome() == Outcome.DELIVERED) {
            meters.latency().record(Duration.between(
                    result.delivery().createdAt(), result.startedAt().plusMillis(result.elapsedMillis())));
        } else if (result.settled()) {
            meters.givenUp().increment();
        }
        log(result, host);
    }

    private static void log(DeliveryResult result, String host) {
        boolean abandoned = result.settled() && result.outcome() != Outcome.DELIVERED;
        (abandoned ? LOG.atInfo() : LOG.atDebug())
                .addKeyValue("webhook_id", result.delivery().id())
                .addKeyValue("prediction", result.delivery().prediction())
                .addKeyValue("event", result.delivery().event().wireName())
                .addKeyValue("attempt", result.attempt())
                .addKeyValue("outcome", result.outcome().wireName())
                .addKeyValue("status", result.status())
                .addKeyValue("error", result.error())
                .addKeyValue("host", host)
                .addKeyValue("millis", result.elapsedMillis())
                .addKeyValue("next", result.nextAttemptAt())
                .log(abandoned ? "delivery given up" : "delivery attempted");
    }
}
