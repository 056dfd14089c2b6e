package dev.auspex.dispatcher.app;

import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.lifecycle.ServiceMain;

/** Runs the dispatcher as its own process. */
public final class DispatcherMain {

    private DispatcherMain() {}

    /** Settings come from the environment; see the configuration table in the docs. */
    public static void main(String[] args) {
        ServiceMain.run(Keys.DISPATCHER_HOST, Keys.DISPATCHER_PORT, WebhookDispatcher::new);
    }
}
