/**
 * CUDA through JCuda's driver API: finding the device, loading PTX, memory, streams. Only the driver's library is needed on
 * the machine, no toolkit. Every return code goes through {@link dev.auspex.executor.cuda.CudaException#check}.
 */
@NullMarked
package dev.auspex.executor.cuda;

import org.jspecify.annotations.NullMarked;
