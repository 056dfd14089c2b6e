package dev.auspex.router.app;

import dev.auspex.router.http.ReplayRoutes;
import dev.auspex.router.http.RouterServer;
import dev.auspex.router.kafka.RouterStreams;
import dev.auspex.router.query.ClaimWaiters;
import dev.auspex.router.query.CompletionWaiters;
import dev.auspex.router.query.RouterAddress;
import dev.auspex.router.replay.DeadLetters;
import dev.auspex.router.replay.Replays;
import dev.auspex.router.usage.UsageTopic;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.lifecycle.Service;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one authority over a prediction's life: folds jobs, events and commands into states, publishes snapshots and
 * answers the gateways' questions. Several routers share the partitions between them.
 */
public final class JobRouter implements Service {

    private static final List<String> ANY_ADDRESS = List.of("0.0.0.0", "::", "[::]");
    private static final Duration HTTP_STOP_LIMIT = Duration.ofSeconds(2);
    private static final Duration REPLAYS_STOP_LIMIT = Duration.ofSeconds(3);

    private final ServiceContext context;
    private final CompletionWaiters waiters = new CompletionWaiters();
    private final ClaimWaiters claims = new ClaimWaiters();
    private final ReplayRoutes replayRoutes = new ReplayRoutes();
    private final RouterServer server;
    private volatile @Nullable RouterStreams streams;
    private volatile @Nullable Replays replays;
    private volatile @Nullable DeadLetters deadLetters;
    private volatile @Nullable UsageTopic usage;
    private volatile int port;

    /** Prepares the router; nothing runs yet. */
    public JobRouter(ServiceContext context) {
        this.context = context;
        this.server = new RouterServer(context, waiters, claims, this::problems, replayRoutes);
    }

    @Override
    public String name() {
        return "router";
    }

    @Override
    public void start() throws Exception {
        port = server.start();
        RouterStreams started = new RouterStreams(context, address(context.settings(), port), waiters, claims);
        streams = started;
        started.start();
        UsageTopic recount = new UsageTopic(context.kafka(), context.topics());
        usage = recount;
        server.serve(started.reads(), started.claimReads(), started.usageReads(), recount);
        server.serve(started.queuedReads());
        startReplays();
    }

    private void startReplays() {
        Replays running = new Replays(context);
        replays = running;
        DeadLetters letters = new DeadLetters(context);
        deadLetters = letters;
        running.start();
        replayRoutes.serve(running, letters);
    }

    /** The port it listens on, once started. */
    public int port() {
        return port;
    }

    @Override
    public List<String> problems() {
        RouterStreams running = streams;
        Replays submitting = replays;
        if (running == null || submitting == null) {
            return List.of("the stream processor is not started");
        }
        List<String> problems = running.problems();
        return problems.isEmpty() ? submitting.problems() : problems;
    }

    @Override
    public void stop(Duration limit) throws Exception {
        try {
            server.stop(limit.compareTo(HTTP_STOP_LIMIT) < 0 ? limit : HTTP_STOP_LIMIT);
        } finally {
            try {
                stopReaders(limit.compareTo(REPLAYS_STOP_LIMIT) < 0 ? limit : REPLAYS_STOP_LIMIT);
            } finally {
                RouterStreams running = streams;
                if (running != null) {
                    running.stop(limit);
                }
            }
        }
    }

    private void stopReaders(Duration limit) throws InterruptedException {
        UsageTopic recount = usage;
        if (recount != null) {
            recount.stop();
        }
        DeadLetters letters = deadLetters;
        if (letters != null) {
            letters.stop();
        }
        Replays running = replays;
        if (running != null) {
            running.stop(limit);
        }
    }

    /** Where other routers reach this one. */
    static RouterAddress address(Settings settings, int port) throws UnknownHostException {
        Optional<String> advertised = settings.find(Keys.ROUTER_ADVERTISED);
        if (advertised.isPresent()) {
            return RouterAddress.parse(advertised.get()).orElseThrow(() -> new ConfigException(
                    "router.advertised (AUSPEX_ROUTER_ADVERTISED): is '" + advertised.get() + "', expected host:port"));
        }
        String host = settings.get(Keys.ROUTER_HOST);
        // An address that means "all of mine" tells nobody else where that is.
        return new RouterAddress(
                ANY_ADDRESS.contains(host) ? InetAddress.getLocalHost().getHostAddress() : host, port);
    }
}
