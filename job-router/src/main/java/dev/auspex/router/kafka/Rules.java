package dev.auspex.router.kafka;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.usage.Money;
import dev.auspex.router.domain.Prices;
import dev.auspex.router.domain.RetryPolicy;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Keys.DataRetention;
import dev.auspex.runtime.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the installation chose for its predictions' lives.
 *
 * @param retries when a failed attempt is followed by another one
 * @param silence how long a running attempt may say nothing before it counts as lost
 * @param data how long input, output and logs are kept, where they do not stay as long as the prediction
 * @param prices of the time on the hardware
 */
public record Rules(RetryPolicy retries, Duration silence, List<DataRetention> data, Prices prices) {

    /** Copies the list. */
    public Rules {
        data = List.copyOf(data);
    }

    static Rules of(Settings settings) {
        return new Rules(
                new RetryPolicy(settings.get(Keys.ROUTER_RETRY_PAUSE)),
                settings.get(Keys.ROUTER_ATTEMPT_SILENCE),
                settings.get(Keys.DATA_RETENTION),
                prices(settings));
    }

    private static Prices prices(Settings settings) {
        Map<HardwareClass, Money> perSecond = new HashMap<>();
        for (Keys.HardwarePrice price : settings.get(Keys.USAGE_PRICES)) {
            if (!settings.get(Keys.HARDWARE_CLASSES).contains(price.hardware())) {
                throw new ConfigException("usage.prices (AUSPEX_USAGE_PRICES): has a price for '" + price.hardware()
                        + "', expected classes of hardware.classes: " + settings.get(Keys.HARDWARE_CLASSES));
            }
            if (perSecond.put(price.hardware(), price.perSecond()) != null) {
                throw new ConfigException(
                        "usage.prices (AUSPEX_USAGE_PRICES): has two prices for '" + price.hardware() + "'");
            }
        }
        return new Prices(perSecond);
    }
}
