package dev.auspex.gateway.domain;

import dev.auspex.protocol.HardwareClass;
import java.util.Locale;
import java.util.Map;

/** What people call a hardware class, as Replicate's price page does. */
public final class HardwareNames {

    private static final Map<String, String> NAMES = Map.of(
            "cpu", "CPU",
            "gpu-t4", "T4",
            "gpu-a40-small", "A40",
            "gpu-a40-large", "A40 Large",
            "gpu-l40s", "L40S",
            "gpu-a100-large", "A100 80 GB",
            "gpu-h100", "H100",
            "gpu-h200", "H200");

    private HardwareNames() {}

    /** A known name, else one made from the class: {@code gpu-b200} is {@code B200}. */
    public static String of(HardwareClass hardware) {
        String known = NAMES.get(hardware.value());
        if (known != null) {
            return known;
        }
        String bare = hardware.value().startsWith("gpu-") ? hardware.value().substring(4) : hardware.value();
        return bare.replace('-', ' ').toUpperCase(Locale.ROOT);
    }
}
