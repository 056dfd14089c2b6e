package dev.auspex.runtime.lifecycle;

import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.ConfigKey;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.http.ManagementServer;
import dev.auspex.runtime.kafka.TopicInstaller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one service as its own process, which ends with one of the {@link ExitCodes}. */
public final class ServiceMain {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

    private ServiceMain() {}

    /**
     * Starts the service and returns; the process then lives until it is told to stop.
     *
     * @param managementPort the key of the port for health and metrics; {@code null} if the service serves them itself
     * @param factory builds the service
     */
    public static void run(
            @Nullable ConfigKey<Integer> managementPort, Function<ServiceContext, Service> factory) {
        try {
            Settings settings = Settings.load(System.getenv());
            LOG.atInfo().addKeyValue("settings", settings.effective()).log("configuration");
            ServiceContext context = ServiceContext.create(settings);
            Service service = factory.apply(context);
            List<Service> services = new ArrayList<>();
            if (managementPort != null) {
                services.add(new ManagementServer(context, settings.get(managementPort), service::problems, service.pages()));
            }
            services.add(new TopicInstaller(context.kafka(), context.topics()));
            services.add(service);
            ServiceStack stack = new ServiceStack(services);
            Shutdown.install(stack, STOP_LIMIT, () -> context.vertx().close().await());
            stack.start();
        } catch (ConfigException e) {
            System.err.println("Auspex cannot start with this configuration:\n" + e.getMessage());
            Shutdown.exit(ExitCodes.CONFIGURATION);
        } catch (Exception e) {
            LOG.atError().setCause(e).log("cannot start");
            Shutdown.exit(ExitCodes.FAULT);
        }
    }
}
