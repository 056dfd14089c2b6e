package dev.auspex.router.kafka;

import dev.auspex.protocol.HardwareClass;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The windows of all classes, one of each for all tasks of the process. Safe for any thread. */
public final class LowWindows {

    private final Map<HardwareClass, LowWindow> windows = new ConcurrentHashMap<>();

    LowWindow of(HardwareClass hardware) {
        return windows.computeIfAbsent(hardware, each -> new LowWindow(System.nanoTime()));
    }

    /** How many jobs are held back. */
    int held() {
        return windows.values().stream().mapToInt(LowWindow::held).sum();
    }
}
