package dev.auspex.executor.run;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the router that what runs still runs, on a thread of its own: a model that never calls its context is alive too.
 * Methods are for the executor's lifecycle thread.
 */
public final class Heartbeat {

    /** The router gives an attempt up after several of these. */
    public static final Duration EVERY = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final RunningJobs running;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("heartbeat").daemon().factory());

    public Heartbeat(RunningJobs running) {
        this.running = running;
    }

    /** Begins. */
    public void start() {
        thread.scheduleAtFixedRate(this::beat, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            running.attempts().forEach(Attempt::renew);
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("heartbeat missed"); // an exception would end the schedule
        }
    }

    /** Ends. */
    public void stop() {
        thread.shutdownNow();
    }
}
