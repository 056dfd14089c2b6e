package dev.auspex.executor.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** A mark in a stream. Waiting for it sleeps instead of spinning: the encoder needs the processors. */
public final class CudaEvent implements AutoCloseable {

    private final CUevent event = new CUevent();

    /** Not recorded yet. */
    public CudaEvent() {
        int flags = CUevent_flags.CU_EVENT_BLOCKING_SYNC | CUevent_flags.CU_EVENT_DISABLE_TIMING;
        CudaException.check(JCudaDriver.cuEventCreate(event, flags), "making an event");
    }

    CUevent handle() {
        return event;
    }

    /** Waits until the stream has passed it. */
    public void await() {
        CudaException.check(JCudaDriver.cuEventSynchronize(event), "waiting for the device");
    }

    @Override
    public void close() {
        CudaException.check(JCudaDriver.cuEventDestroy(event), "ending an event");
    }
}
