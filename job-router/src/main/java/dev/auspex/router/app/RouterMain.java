package dev.auspex.router.app;

import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.lifecycle.ServiceMain;

/** Runs a router as its own process. */
public final class RouterMain {

    private RouterMain() {}

    /** No arguments: everything is configuration. */
    public static void main(String[] args) {
        ServiceMain.run(Keys.ROUTER_HOST, Keys.ROUTER_PORT, JobRouter::new);
    }
}
