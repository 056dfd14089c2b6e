package dev.auspex.standalone;

import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Mode;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.lifecycle.UnsafeSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code auspex up}: starts everything, says how to use it and stays until it is told to stop. */
@Command(name = "up", description = "Start everything in one process, with an embedded Kafka broker.")
final class UpCommand implements Callable<Integer> {

    /** For trying things out: webhooks and inputs on this very machine. */
    private static final Map<String, String> DEFAULTS = Map.of(
            Keys.MODE.name(), Mode.DEVELOPMENT.toString(), Keys.WEBHOOK_ALLOW.name(), "127.0.0.0/8,[::1/128]");

    @Override
    public Integer call() throws Exception {
        Settings settings = Settings.load(System.getenv(), DEFAULTS);
        checkMode(settings);
        checkPort(settings);
        DataFolder data = DataFolder.open(settings.get(Keys.DATA));
        System.setProperty("auspex.log.folder", data.path().resolve("log").toString());
        Platform platform = Platform.create(settings, data);
        Console console = new Console(platform);
        console.starting();
        platform.start();
        console.ready();
        console.follow();
        return 0;
    }

    private static void checkMode(Settings settings) {
        // The secret of `up` is kept in its data folder; there is nobody to share it with.
        List<String> unsafe = UnsafeSettings.in(settings.with(Keys.SECRET, new Secret("-")));
        if (settings.get(Keys.MODE) == Mode.PRODUCTION && !unsafe.isEmpty()) {
            throw new ConfigException(unsafe);
        }
    }

    // Asked before anything is started: the answer comes in milliseconds and nothing has to be undone.
    private static void checkPort(Settings settings) {
        String host = settings.get(Keys.HTTP_HOST);
        int port = settings.get(Keys.HTTP_PORT);
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException e) {
            throw new StartException("Port " + port + " on " + host + " cannot be used (" + e.getMessage()
                    + "): stop what uses it or set AUSPEX_HTTP_PORT to another port.");
        }
    }
}
