package dev.auspex.gateway.app;

import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.lifecycle.ServiceMain;

/** Runs the gateway as its own process; it serves health and metrics on the API's port. */
public final class GatewayMain {

    private GatewayMain() {}

    /** Takes no arguments: settings come from the environment. */
    public static void main(String[] args) {
        ServiceMain.run(Keys.HTTP_HOST, Keys.HTTP_PORT, IngestGateway::new);
    }
}
