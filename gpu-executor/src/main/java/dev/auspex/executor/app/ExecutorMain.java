package dev.auspex.executor.app;

import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.lifecycle.ServiceMain;

/** Runs an executor as its own process. */
public final class ExecutorMain {

    private ExecutorMain() {}

    /** @param args none */
    public static void main(String[] args) {
        ServiceMain.run(Keys.EXECUTOR_PORT, GpuExecutor::new);
    }
}
