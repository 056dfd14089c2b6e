package dev.auspex.standalone;

import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.lifecycle.ServiceStack;
import dev.auspex.runtime.lifecycle.Shutdown;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** {@code auspex broker}: the broker of {@code up} alone, for services that run apart on one machine. */
@Command(name = "broker", description = "Run a Kafka broker of one node, for services that run apart on this machine.")
final class BrokerCommand implements Callable<Integer> {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    @Override
    public Integer call() throws Exception {
        Settings settings = Settings.load(System.getenv());
        BrokerService broker = BrokerService.start(settings.get(Keys.DATA).resolve("kafka"), settings.get(Keys.BROKER_PORT));
        ServiceStack stack = new ServiceStack(List.of(broker));
        Shutdown.install(stack, STOP_LIMIT, () -> {});
        stack.start();
        LoggerFactory.getLogger(BrokerCommand.class).atInfo()
                .addKeyValue("kafka", broker.bootstrapServers())
                .log("broker ready");
        stack.awaitStopped();
        return 0;
    }
}
