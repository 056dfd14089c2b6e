package dev.auspex.router.domain;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.usage.Money;
import java.util.Map;

/**
 * What a second of each hardware class costs. Immutable; safe for any thread.
 *
 * @param perSecond classes that are not in it cost nothing
 */
public record Prices(Map<HardwareClass, Money> perSecond) {

    /** Everything is free. */
    public static final Prices NONE = new Prices(Map.of());

    /** Copies the map. */
    public Prices {
        perSecond = Map.copyOf(perSecond);
    }

    Money of(HardwareClass hardware) {
        return perSecond.getOrDefault(hardware, Money.ZERO);
    }
}
