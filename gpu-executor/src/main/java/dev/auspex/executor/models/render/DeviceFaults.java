package dev.auspex.executor.models.render;

import dev.auspex.executor.cuda.CudaException;
import dev.auspex.executor.cuda.CudaFault;
import dev.auspex.model.DeviceLostException;

/** Says what a failed CUDA call means for the executor. */
public final class DeviceFaults {

    private DeviceFaults() {}

    /**
     * Throws what the executor must be told.
     *
     * @return never, so that callers can write {@code throw told(failed)}
     * @throws DeviceLostException if the context is gone for good: not this job's fault, and nothing else can run here
     */
    public static CudaException told(CudaException failed) throws DeviceLostException {
        if (failed.fault() == CudaFault.STICKY) {
            throw new DeviceLostException(String.valueOf(failed.getMessage()), failed);
        }
        throw failed;
    }
}
