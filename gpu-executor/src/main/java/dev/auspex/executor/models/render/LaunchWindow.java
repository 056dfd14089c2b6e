package dev.auspex.executor.models.render;

import dev.auspex.executor.cuda.CudaEvent;
import dev.auspex.executor.cuda.CudaStream;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;

/**
 * Keeps few launches on their way: enough that the device never waits for the next one, and no more than a cancel can wait
 * for. The stream's owner thread.
 */
public final class LaunchWindow implements AutoCloseable {

    private static final int MOST = 4;

    private final CudaStream stream;
    private final CudaEvent[] marks = new CudaEvent[MOST];
    private int launches;

    /** @param stream of the launches */
    public LaunchWindow(CudaStream stream) {
        this.stream = stream;
        for (int i = 0; i < MOST; i++) {
            marks[i] = new CudaEvent();
        }
    }

    /**
     * To be called after each launch: waits until there is room for another one.
     *
     * @throws CanceledException from the checkpoint; what was launched still runs
     */
    public void pass(Checkpoint checkpoint) throws CanceledException {
        stream.record(marks[launches++ % MOST]);
        marks[launches % MOST].await();
        checkpoint.check();
    }

    @Override
    public void close() {
        for (CudaEvent mark : marks) {
            mark.close();
        }
    }
}
