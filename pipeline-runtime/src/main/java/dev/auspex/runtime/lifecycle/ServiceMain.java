package dev.auspex.runtime.lifecycle;

import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.ConfigKey;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Mode;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.http.ManagementServer;
import dev.auspex.runtime.kafka.TopicInstaller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one service as its own process. It may be started before Kafka is there: until then {@code /readyz} says what it
 * waits for and everything else is answered with 503. It ends with one of the {@link ExitCodes}.
 */
public final class ServiceMain {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);
    private static final Duration DOOR_LIMIT = Duration.ofSeconds(2);

    private ServiceMain() {}

    /**
     * Starts a service without HTTP routes of its own and returns; the process then lives until it is told to stop.
     *
     * @param port for health and metrics, on all addresses of the machine
     * @param factory builds the service; called when Kafka is there
     */
    public static void run(ConfigKey<Integer> port, Function<ServiceContext, Service> factory) {
        run(new Door(null, port), factory);
    }

    /**
     * The same for a service with an HTTP server of its own, which has health and metrics on it.
     *
     * @param host where that server listens
     * @param port its port; while the service waits for Kafka, a stand-in answers there
     * @param factory builds the service; called when Kafka is there
     */
    public static void run(
            ConfigKey<String> host, ConfigKey<Integer> port, Function<ServiceContext, Service> factory) {
        run(new Door(host, port), factory);
    }

    /** Where health and metrics are. @param ownServer the host of the service's own server; {@code null} if it has none */
    private record Door(@Nullable ConfigKey<String> ownServer, ConfigKey<Integer> port) {

        ManagementServer open(
                ServiceContext context,
                Supplier<List<String>> problems,
                Supplier<Map<String, Supplier<Object>>> pages) {
            int number = context.settings().get(port);
            return ownServer == null
                    ? new ManagementServer(context, number, problems, pages)
                    : new ManagementServer(context, context.settings().get(ownServer), number, problems);
        }
    }

    private static void run(Door door, Function<ServiceContext, Service> factory) {
        try {
            Settings settings = Settings.load(System.getenv());
            LOG.atInfo().addKeyValue("settings", settings.effective()).log("configuration");
            checkSafety(settings);
            start(ServiceContext.create(settings), door, factory);
        } catch (ConfigException e) {
            System.err.println("Auspex cannot start with this configuration:\n" + e.getMessage());
            Shutdown.exit(ExitCodes.CONFIGURATION);
        } catch (NotYetException e) {
            System.err.println("Auspex cannot start yet:\n" + e.getMessage());
            Shutdown.exit(ExitCodes.RESTART);
        } catch (Exception e) {
            LOG.atError().setCause(e).log("cannot start");
            Shutdown.exit(ExitCodes.FAULT);
        }
    }

    private static void start(ServiceContext context, Door door, Function<ServiceContext, Service> factory)
            throws Exception {
        TopicInstaller topics =
                new TopicInstaller(context.kafka(), context.topics(), context.settings().get(Keys.MODE));
        Readiness readiness = new Readiness();
        ManagementServer server = door.open(context, readiness::problems, readiness::pages);
        LateService service = new LateService(() -> {
            if (door.ownServer() != null) {
                server.stop(DOOR_LIMIT);
            }
            return factory.apply(context);
        });
        readiness.questions = List.of(topics, service);
        ServiceStack stack = new ServiceStack(List.of(server, topics, service));
        Shutdown.install(stack, STOP_LIMIT, () -> context.vertx().close().await());
        stack.start();
    }

    /** @throws ConfigException with every unsafe setting if this is production */
    private static void checkSafety(Settings settings) {
        List<String> unsafe = UnsafeSettings.in(settings);
        if (settings.get(Keys.MODE) == Mode.DEVELOPMENT) {
            unsafe.forEach(problem -> LOG.atWarn().addKeyValue("setting", problem).log("not safe in production"));
        } else if (!unsafe.isEmpty()) {
            List<String> problems = new ArrayList<>(unsafe);
            problems.add("This is refused in production. To try things out all the same: mode (AUSPEX_MODE) = development.");
            throw new ConfigException(problems);
        }
    }

    /** The first thing in the way: while Kafka is waited for, that nothing else has started says nothing. */
    private static final class Readiness {
        private volatile List<Service> questions = List.of();

        Map<String, Supplier<Object>> pages() {
            return questions.isEmpty() ? Map.of() : questions.getLast().pages();
        }

        List<String> problems() {
            return questions.stream()
                    .map(Service::problems)
                    .filter(problems -> !problems.isEmpty())
                    .findFirst()
                    .orElse(List.of());
        }
    }
}
