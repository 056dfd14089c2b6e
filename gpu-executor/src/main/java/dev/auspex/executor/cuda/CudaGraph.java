package dev.auspex.executor.cuda;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/**
 * Work of one stream, recorded once and queued again with one call. Every launch costs the processor some microseconds: where
 * a piece of work is dozens of short kernels, they take longer than the kernels do. What it reads and writes stays where it
 * was when it was recorded. The stream's owner thread.
 */
public final class CudaGraph implements AutoCloseable {

    /** The first version whose drivers have every function that JCuda calls for it. */
    private static final int LEAST_DRIVER = 12_000;

    private final CUgraphExec work = new CUgraphExec();

    private CudaGraph(CUgraph recorded) {
        CudaException.check(JCudaDriver.cuGraphInstantiate(work, recorded, 0), "preparing recorded work");
    }

    /** Whether this machine's driver can do it. */
    public static boolean isSupported() {
        int[] version = new int[1];
        CudaException.check(JCudaDriver.cuDriverGetVersion(version), "asking for the driver's version");
        return version[0] >= LEAST_DRIVER;
    }

    /**
     * Records what is queued, without doing it.
     *
     * @param queue queues launches and copies of pinned memory on this stream, nothing else
     * @throws CudaException if something cannot be recorded; the stream can be used as before
     */
    public static CudaGraph record(CudaStream stream, Runnable queue) {
        // Other threads may go on taking memory meanwhile.
        CudaException.check(
                JCudaDriver.cuStreamBeginCapture(stream.handle(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL), "recording work");
        CUgraph recorded = new CUgraph();
        int ended;
        stream.recording(true);
        try {
            queue.run();
        } finally {
            stream.recording(false);
            ended = JCudaDriver.cuStreamEndCapture(stream.handle(), recorded);
        }
        CudaException.check(ended, "recording work");
        try {
            return new CudaGraph(recorded);
        } finally {
            CudaException.check(JCudaDriver.cuGraphDestroy(recorded), "ending a recording");
        }
    }

    /** Queues the work. */
    public void launch(CudaStream stream) {
        stream.timed("recorded work", () -> JCudaDriver.cuGraphLaunch(work, stream.handle()));
    }

    @Override
    public void close() {
        CudaException.check(JCudaDriver.cuGraphExecDestroy(work), "giving recorded work back");
    }
}
