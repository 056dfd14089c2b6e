package dev.auspex.executor.cog;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Waits for servers in such a way that whoever waits can be told to stop: a slot that is still inside a call when its job
 * should long have stopped costs the whole process. Safe for any thread.
 */
final class Waiting {

    private static final long LOOK_MILLIS = 50;

    private Waiting() {}

    /**
     * Waits for what comes. What it comes from goes on when the wait is given up.
     *
     * @throws ExecutionException with the reason why it does not come
     * @throws CanceledException from the checkpoint
     */
    static <T> T on(Future<T> coming, Checkpoint checkpoint)
            throws ExecutionException, CanceledException, InterruptedException {
        while (true) {
            try {
                return coming.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                checkpoint.check();
            }
        }
    }

    /**
     * Calls something that can block on a thread of its own, which is interrupted when the wait is given up.
     *
     * @throws ExecutionException with what it threw
     * @throws CanceledException from the checkpoint
     */
    static <T> T call(Callable<T> blocking, Checkpoint checkpoint)
            throws ExecutionException, CanceledException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(blocking);
        Thread unused = Thread.ofVirtual().name("cog-call").start(task);
        try {
            return on(task, checkpoint);
        } finally {
            boolean ignored = task.cancel(true);
        }
    }

    /** Takes a lock. @throws CanceledException from the checkpoint */
    static void lock(ReentrantLock lock, Checkpoint checkpoint) throws CanceledException, InterruptedException {
        while (!lock.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            checkpoint.check();
        }
    }

    /** Ends a wait at a time of {@link System#nanoTime}. */
    static Checkpoint until(long nanos) {
        return () -> {
            if (System.nanoTime() - nanos >= 0) {
                throw new CanceledException();
            }
        };
    }
}
