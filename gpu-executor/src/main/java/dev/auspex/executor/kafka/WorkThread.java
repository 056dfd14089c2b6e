package dev.auspex.executor.kafka;

import dev.auspex.executor.run.LoadedModels;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The platform thread on which a slot's models are set up, run and closed: GPU contexts and native libraries are bound to
 * theirs. A daemon, because a model that ignores cancellation must not keep the process alive.
 */
final class WorkThread implements AutoCloseable {

    private final ExecutorService thread;
    private final LoadedModels models;

    WorkThread(String name, LoadedModels models) {
        this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon().factory());
        this.models = models;
    }

    void execute(Runnable work) {
        thread.execute(work);
    }

    /** Closes the models when what runs has ended; does not wait for that. */
    @Override
    public void close() {
        thread.execute(models::close);
        thread.shutdown();
    }
}
