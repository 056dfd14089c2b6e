package dev.auspex.benchmarks;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/**
 * Decides when submissions are made. A submission is a function of the time (nanoTime) it was meant for; its future ends
 * well, whatever the answer. Everything happens on the given event loop.
 */
final class Load {

    private Load() {}

    /** So many at a time, each next one as soon as one has its answer. */
    static Future<Void> closed(Context loop, Phase phase, int connections, LongFunction<Future<Void>> submit) {
        Promise<Void> done = Promise.promise();
        loop.runOnContext(ignored -> {
            Remaining remaining = new Remaining(phase.count());
            for (int i = 0; i < Math.min(connections, phase.count()); i++) {
                next(remaining, submit, done);
            }
        });
        return done.future();
    }

    private static void next(Remaining remaining, LongFunction<Future<Void>> submit, Promise<Void> done) {
        if (remaining.toSend == 0) {
            return;
        }
        remaining.toSend--;
        submit.apply(System.nanoTime()).onComplete(ignored -> {
            if (--remaining.toAnswer == 0) {
                done.complete();
            } else {
                next(remaining, submit, done);
            }
        });
    }

    /**
     * At fixed times. A thread of its own keeps the beat, because the event loop's timers only know milliseconds; a beat
     * that comes late sends all that is due, with their intended times.
     */
    static Future<Void> open(Context loop, int rate, int count, LongFunction<Future<Void>> submit) {
        Promise<Void> done = Promise.promise();
        Remaining remaining = new Remaining(count);
        long start = System.nanoTime() + 1_000_000;
        Thread.ofPlatform().name("pace").daemon().start(() -> {
            for (int i = 0; i < count; i++) {
                long due = start + (long) i * 1_000_000_000L / rate;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                loop.runOnContext(ignored -> submit.apply(due).onComplete(end -> {
                    if (--remaining.toAnswer == 0) {
                        done.complete();
                    }
                }));
            }
        });
        return done.future();
    }

    /** Counts down on the event loop. */
    private static final class Remaining {
        private int toSend;
        private int toAnswer;

        private Remaining(int count) {
            this.toSend = count;
            this.toAnswer = count;
        }
    }
}
