package dev.auspex.standalone;

import dev.auspex.dispatcher.app.WebhookDispatcher;
import dev.auspex.executor.app.GpuExecutor;
import dev.auspex.gateway.app.IngestGateway;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ModelName;
import dev.auspex.router.app.JobRouter;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Keys.AccountToken;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.kafka.TopicInstaller;
import dev.auspex.runtime.lifecycle.ExitCodes;
import dev.auspex.runtime.lifecycle.Service;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.lifecycle.ServiceStack;
import dev.auspex.runtime.lifecycle.Shutdown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** All services of one machine: broker first, the API last, so that nothing is accepted that cannot be processed. */
final class Platform {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final AccountId DEFAULT_ACCOUNT = new AccountId("default");

    private final ServiceContext context;
    private final ServiceStack stack;
    private final IngestGateway gateway;
    private final Readiness readiness;

    private Platform(ServiceContext context, ServiceStack stack, IngestGateway gateway, Readiness readiness) {
        this.context = context;
        this.stack = stack;
        this.gateway = gateway;
        this.readiness = readiness;
    }

    /** Wires everything; starts only the broker, because the other services need its address. */
    static Platform create(Settings given, DataFolder data) throws IOException {
        Settings settings = withTokens(given, data);
        List<Service> services = new ArrayList<>();
        if (settings.find(Keys.KAFKA).isEmpty()) {
            BrokerService broker = BrokerService.start(data.path().resolve("kafka"));
            services.add(broker);
            settings = settings.with(Keys.KAFKA, broker.bootstrapServers());
            // The port changes with every start: where Kafka's own tools and the benchmark find the broker.
            Files.writeString(data.path().resolve("kafka.address"), broker.bootstrapServers() + "\n");
        }
        int routerPort = freePort();
        int dispatcherPort = freePort();
        settings = settings.with(Keys.ROUTER_PORT, routerPort)
                .with(Keys.ROUTER_URL, List.of("http://127.0.0.1:" + routerPort))
                .with(Keys.DISPATCHER_PORT, dispatcherPort)
                .with(Keys.DISPATCHER_URL, List.of("http://127.0.0.1:" + dispatcherPort));
        ServiceContext context = ServiceContext.create(settings);
        services.add(new TopicInstaller(context.kafka(), context.topics(), settings.get(Keys.MODE)));
        services.add(new JobRouter(context));
        GpuExecutor executor = new GpuExecutor(context);
        services.add(executor);
        CatalogueService catalogue = new CatalogueService(context);
        services.add(catalogue);
        services.add(new WebhookDispatcher(context));
        Readiness readiness = new Readiness();
        IngestGateway gateway = new IngestGateway(context, readiness::problems);
        services.add(gateway);
        ServiceStack stack = new ServiceStack(services);
        readiness.questions = List.of(
                stack::problems,
                () -> missing(gateway, executor.registered()),
                () -> missing(gateway, catalogue.registered()));
        Shutdown.install(stack, STOP_LIMIT, () -> {
            context.vertx().close().await();
            data.close();
            if (Shutdown.code() == ExitCodes.RESTART) {
                Restart.afterPause();
            }
        });
        return new Platform(context, stack, gateway, readiness);
    }

    /** Starts all services and waits until all are ready. */
    void start() throws Exception {
        stack.start();
        while (!readiness.problems().isEmpty()) {
            Thread.sleep(20);
        }
    }

    Settings settings() {
        return context.settings();
    }

    ServiceContext context() {
        return context;
    }

    /** The port the API listens on. */
    int port() {
        return gateway.port();
    }

    private static Settings withTokens(Settings settings, DataFolder data) throws IOException {
        if (settings.find(Keys.TOKENS).isPresent()) {
            return settings;
        }
        return settings.with(Keys.TOKENS, List.of(new AccountToken(DEFAULT_ACCOUNT, new Secret(data.token()))));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    // Registered models come back through the router: until then a client would be told that they do not exist.
    private static List<String> missing(IngestGateway gateway, Set<ModelName> registered) {
        return registered.stream()
                .filter(model -> !gateway.knows(model))
                .map(model -> "catalogue: " + model + " is being registered")
                .toList();
    }

    /** The gateway answers for the whole stack, which cannot exist before the gateway does. */
    private static final class Readiness {
        private volatile List<Supplier<List<String>>> questions = List.of(() -> List.of("starting"));

        List<String> problems() {
            return questions.stream().flatMap(question -> question.get().stream()).toList();
        }
    }
}
