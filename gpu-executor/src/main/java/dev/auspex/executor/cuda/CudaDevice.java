package dev.auspex.executor.cuda;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/**
 * A device and its primary context, shared by all slots of the process and kept until the process ends. Threads that use it
 * call {@link #use} first; they must be platform threads, because a context belongs to the thread that made it current.
 */
public final class CudaDevice {

    private static final Map<Integer, CudaDevice> OPEN = new ConcurrentHashMap<>();

    private final CUcontext context;
    private final Map<String, CudaModule> modules = new ConcurrentHashMap<>();

    private CudaDevice(int ordinal) {
        CUdevice device = new CUdevice();
        CudaException.check(JCudaDriver.cuDeviceGet(device, ordinal), "opening device " + ordinal);
        this.context = new CUcontext();
        CudaException.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "making a context on device " + ordinal);
    }

    /**
     * The device of this number.
     *
     * @throws CudaException if it cannot be opened
     * @throws IllegalStateException if {@link CudaProbe} found no device
     */
    public static CudaDevice open(int ordinal) {
        if (CudaProbe.detect().isEmpty()) {
            throw new IllegalStateException(CudaProbe.reason());
        }
        return OPEN.computeIfAbsent(ordinal, CudaDevice::new);
    }

    /** Makes the context current on this thread; cheap when it is already. */
    public void use() {
        CudaException.check(JCudaDriver.cuCtxSetCurrent(context), "making the context current");
    }

    /**
     * The kernels of a PTX text, compiled by the driver at the first call and kept. Needs {@link #use}.
     *
     * @throws CudaException with {@link CudaFault#BAD_MODULE} and the compiler's words if it does not compile
     */
    public CudaModule module(Ptx ptx) {
        return modules.computeIfAbsent(ptx.hash(), _ -> CudaModule.load(ptx));
    }
}
