package dev.auspex.router.app;

import dev.auspex.runtime.lifecycle.ServiceMain;

/** Runs a router as its own process. */
public final class RouterMain {

    private RouterMain() {}

    /** No arguments: everything is configuration. */
    public static void main(String[] args) {
        ServiceMain.run(null, JobRouter::new); // health and metrics are on the router's own port
    }
}
