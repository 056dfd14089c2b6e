package dev.auspex.dispatcher.app;

import dev.auspex.runtime.lifecycle.ServiceMain;

/** Runs the dispatcher as its own process. */
public final class DispatcherMain {

    private DispatcherMain() {}

    /** Settings come from the environment; see the configuration table in the docs. */
    public static void main(String[] args) {
        ServiceMain.run(null, WebhookDispatcher::new); // health and metrics are on the dispatcher's own port
    }
}
