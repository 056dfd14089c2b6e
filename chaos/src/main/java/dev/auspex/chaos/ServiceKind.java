package dev.auspex.chaos;

import java.util.Locale;

/** What can be started and killed; the words of the launcher. */
public enum ServiceKind {
    GATEWAY,
    ROUTER,
    EXECUTOR,
    DISPATCHER,
    BROKER;

    /** The launcher's command. */
    public String command() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return command();
    }
}
