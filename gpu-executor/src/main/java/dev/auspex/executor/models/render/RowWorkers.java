package dev.auspex.executor.models.render;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Shares numbered pieces of work between the calling thread and a few others; each takes the next piece when it is free. */
public final class RowWorkers implements AutoCloseable {

    private final ExecutorService others;
    private final int helping;

    /** @param threads in all, with the caller's */
    public RowWorkers(int threads) {
        this.helping = Math.max(1, threads) - 1;
        this.others = Executors.newFixedThreadPool(
                Math.max(1, helping), Thread.ofPlatform().name("frame-rows-", 0).daemon().factory());
    }

    /**
     * Runs {@code piece} for 0 to {@code count - 1}, each once, and returns when nothing runs any more.
     *
     * @param checkpoint asked between pieces, on the calling thread
     * @throws CanceledException from the checkpoint; pieces that had not begun are left out
     */
    public void run(int count, Checkpoint checkpoint, IntConsumer piece) throws CanceledException {
        AtomicInteger next = new AtomicInteger();
        Runnable share = () -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                piece.accept(i);
            }
        };
        List<Future<?>> shares = new ArrayList<>(helping);
        for (int i = 0; i < helping; i++) {
            shares.add(others.submit(share));
        }
        try {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                checkpoint.check();
                piece.accept(i);
            }
        } finally {
            // Also when this thread stops early: others still write into the frame.
            next.set(count);
            shares.forEach(RowWorkers::join);
        }
    }

    @Override
    public void close() {
        others.shutdownNow();
    }

    private static void join(Future<?> share) {
        boolean interrupted = false;
        while (true) {
            try {
                share.get();
                break;
            } catch (InterruptedException later) {
                // Others still write into the frame: leaving now would hand out half of it.
                interrupted = true;
            } catch (ExecutionException failed) {
                throw new IllegalStateException("a row could not be made", failed.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
