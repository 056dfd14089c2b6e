package dev.auspex.router.kafka;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that died, the quicker they die the later: what is passing heals by itself and what is not
 * does not burn the machine. Called by dying threads.
 */
final class ThreadReplacement implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadReplacement.class);
    private static final Duration WINDOW = Duration.ofMinutes(2);
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 10_000;

    private final Clock clock;
    private final Deque<Instant> deaths = new ArrayDeque<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    ThreadReplacement(Clock clock) {
        this.clock = clock;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        int recent = recentDeaths(true);
        long pause = pauseMillis(recent);
        LOG.atError()
                .addKeyValue("recent", recent)
                .addKeyValue("pause_ms", pause)
                .setCause(failure)
                .log("stream thread failed, it is replaced");
        try {
            // true: the router is being stopped, whatever is answered now does not matter
            if (stopping.await(pause, TimeUnit.MILLISECONDS)) {
                LOG.atDebug().log("stopping, no replacement needed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** How many threads died of late. Any thread. */
    int recentDeaths() {
        return recentDeaths(false);
    }

    /** Lets dying threads go. */
    void stop() {
        stopping.countDown();
    }

    static long pauseMillis(int recentDeaths) {
        return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(recentDeaths - 1, 10));
    }

    private synchronized int recentDeaths(boolean another) {
        Instant now = clock.instant();
        while (!deaths.isEmpty() && deaths.getFirst().isBefore(now.minus(WINDOW))) {
            deaths.removeFirst();
        }
        if (another) {
            deaths.addLast(now);
        }
        return deaths.size();
    }
}
