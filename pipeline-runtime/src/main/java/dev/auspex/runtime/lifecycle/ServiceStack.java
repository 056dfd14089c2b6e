package dev.auspex.runtime.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts services in order and stops them in reverse. Stopping is idempotent, goes on past failures and reports all of
 * them. Safe for any thread.
 */
public final class ServiceStack {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceStack.class);

    private final List<Service> services;
    private final Deque<Service> started = new ArrayDeque<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** @param services in starting order */
    public ServiceStack(List<Service> services) {
        this.services = List.copyOf(services);
    }

    /** Starts all; when one fails, stops what had been started and throws its failure. */
    public void start() throws Exception {
        for (Service service : services) {
            synchronized (started) {
                if (stopping.get()) {
                    return;
                }
                started.push(service);
            }
            long begin = System.nanoTime();
            try {
                service.start();
            } catch (Exception e) {
                stop(Duration.ofSeconds(5));
                throw e;
            }
            LOG.atInfo()
                    .addKeyValue("service", service.name())
                    .addKeyValue("millis", Duration.ofNanos(System.nanoTime() - begin).toMillis())
                    .log("started");
        }
    }

    /** Why the stack is not ready; empty when it is. */
    public List<String> problems() {
        if (stopping.get()) {
            return List.of("stopping");
        }
        List<String> problems = new ArrayList<>();
        for (Service service : services) {
            service.problems().forEach(problem -> problems.add(service.name() + ": " + problem));
        }
        return problems;
    }

    /**
     * Stops in reverse order and waits for it, whoever called first.
     *
     * @param limit for all together; each service gets what is left, at least a second
     * @return what went wrong, empty if nothing did
     */
    public List<Exception> stop(Duration limit) {
        if (!stopping.compareAndSet(false, true)) {
            awaitStopped();
            return List.of();
        }
        Instant deadline = Instant.now().plus(limit);
        List<Exception> failures = new ArrayList<>();
        while (true) {
            Service service;
            synchronized (started) {
                service = started.poll();
            }
            if (service == null) {
                break;
            }
            Duration left = Duration.between(Instant.now(), deadline);
            try {
                service.stop(left.compareTo(Duration.ofSeconds(1)) > 0 ? left : Duration.ofSeconds(1));
                LOG.atInfo().addKeyValue("service", service.name()).log("stopped");
            } catch (Exception e) {
                LOG.atWarn().addKeyValue("service", service.name()).setCause(e).log("did not stop cleanly");
                failures.add(e);
            }
        }
        stopped.countDown();
        return failures;
    }

    /** Waits until {@link #stop} has finished; returns early if the thread is interrupted. */
    public void awaitStopped() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
