package dev.auspex.executor.cuda;

import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;

/** Loaded kernels. Kept until the process ends; safe for use by many threads that use the device. */
public final class CudaModule {

    private static final int LOG_BYTES = 8192;

    private final CUmodule module;

    private CudaModule(CUmodule module) {
        this.module = module;
    }

    static CudaModule load(Ptx ptx) {
        CUmodule module = new CUmodule();
        JITOptions options = new JITOptions();
        options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
        options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[LOG_BYTES]);
        int code = JCudaDriver.cuModuleLoadDataJIT(module, Pointer.to(ptx.bytes()), options);
        if (code != 0) {
            String log = options.getString(CUjit_option.CU_JIT_ERROR_LOG_BUFFER);
            throw new CudaException(code, "loading kernels %s failed with CUDA error %s: %s"
                    .formatted(ptx.name(), CudaException.describe(code), log == null ? "" : log.replace("\0", "").strip()));
        }
        return new CudaModule(module);
    }

    /**
     * A kernel.
     *
     * @throws CudaException if there is none of that name
     */
    public CudaKernel kernel(String name) {
        CUfunction function = new CUfunction();
        CudaException.check(JCudaDriver.cuModuleGetFunction(function, module, name), "finding kernel " + name);
        return new CudaKernel(name, function);
    }
}
