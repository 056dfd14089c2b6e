package dev.auspex.router.kafka;

import dev.auspex.router.domain.RetryPolicy;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Keys.DataRetention;
import dev.auspex.runtime.config.Settings;
import java.time.Duration;
import java.util.List;

/**
 * What the installation chose for its predictions' lives.
 *
 * @param retries when a failed attempt is followed by another one
 * @param silence how long a running attempt may say nothing before it counts as lost
 * @param data how long input, output and logs are kept, where they do not stay as long as the prediction
 */
public record Rules(RetryPolicy retries, Duration silence, List<DataRetention> data) {

    /** Copies the list. */
    public Rules {
        data = List.copyOf(data);
    }

    static Rules of(Settings settings) {
        return new Rules(
                new RetryPolicy(settings.get(Keys.ROUTER_RETRY_PAUSE)),
                settings.get(Keys.ROUTER_ATTEMPT_SILENCE),
                settings.get(Keys.DATA_RETENTION));
    }
}
