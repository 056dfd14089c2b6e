package dev.auspex.runtime.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a process ends: the shutdown hook waits until everything has stopped, and an asked-for end (Ctrl-C, SIGTERM) is
 * exit code 0 because nothing went wrong.
 */
public final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    /** Far longer than any orderly stop. */
    private static final Duration HALT_AFTER = Duration.ofMinutes(2);
    private static final AtomicInteger EXIT_CODE = new AtomicInteger();

    private Shutdown() {}

    /**
     * Installs the hook.
     *
     * @param stack stopped first
     * @param limit for all services together
     * @param last runs after the services have stopped
     */
    public static void install(ServiceStack stack, Duration limit, Runnable last) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            int failures = stack.stop(limit).size();
            try {
                last.run();
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("did not stop cleanly");
                failures++;
            }
            EXIT_CODE.compareAndSet(ExitCodes.OK, failures == 0 ? ExitCodes.OK : ExitCodes.FAULT);
            // Without it the JVM's code would be 128 plus the signal's number.
            Runtime.getRuntime().halt(EXIT_CODE.get());
        }, "shutdown"));
    }

    /** What the process is about to end with; only what {@link #exit} was told, {@link ExitCodes#OK} before. */
    public static int code() {
        return EXIT_CODE.get();
    }

    /** Ends the process with this code; does not return. */
    public static void exit(int code) {
        EXIT_CODE.set(code);
        if (code == ExitCodes.RESTART) {
            haltLater(code);
        }
        System.exit(code);
    }

    // Something in this process does not do as it is told; it must not keep the process from ending either.
    private static void haltLater(int code) {
        Thread.ofPlatform().name("halt").daemon().start(() -> {
            try {
                Thread.sleep(HALT_AFTER);
                Runtime.getRuntime().halt(code);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
