package dev.auspex.executor.run;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after what runs, on threads of its own: tells the router that it still does, and notices models that do not stop
 * when they should. A model that never calls its context is looked after, too. Methods are for the executor's lifecycle
 * thread.
 */
public final class Heartbeat {

    /** The router gives an attempt up after several of these. */
    public static final Duration EVERY = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final Duration WATCH_EVERY = Duration.ofMillis(250);

    private final RunningJobs running;
    private final Duration grace;
    private final Consumer<Attempt> stuck;
    private final Set<Attempt> reported = ConcurrentHashMap.newKeySet();
    // Telling the router can wait for Kafka, so it has a thread of its own.
    private final ScheduledExecutorService beats = thread("heartbeat");
    private final ScheduledExecutorService watch = thread("stop-watch");

    /**
     * @param grace how long a model may take to stop
     * @param stuck told once of each attempt whose model takes longer
     */
    public Heartbeat(RunningJobs running, Duration grace, Consumer<Attempt> stuck) {
        this.running = running;
        this.grace = grace;
        this.stuck = stuck;
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name(name).daemon().factory());
    }

    /** Begins. */
    public void start() {
        schedule(beats, EVERY, () -> running.attempts().forEach(Attempt::renew));
        schedule(watch, WATCH_EVERY, this::look);
    }

    // An exception would end the schedule.
    private static void schedule(ScheduledExecutorService thread, Duration every, Runnable task) {
        thread.scheduleAtFixedRate(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.atWarn().setCause(e).log("heartbeat missed");
                    }
                },
                every.toMillis(),
                every.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void look() {
        for (Attempt attempt : running.attempts()) {
            boolean givenUp = attempt.stopReason() == StopReason.GIVEN_UP;
            if (!givenUp && attempt.overdue().compareTo(grace) > 0 && reported.add(attempt)) {
                stuck.accept(attempt);
            }
        }
        reported.retainAll(running.attempts());
    }

    /** Ends. */
    public void stop() {
        beats.shutdownNow();
        watch.shutdownNow();
    }
}
