package dev.auspex.executor.cuda;

import jcuda.driver.CUfunction;

/**
 * A kernel of a loaded module.
 *
 * @param name as in its source
 * @param function what the driver calls it by
 */
public record CudaKernel(String name, CUfunction function) {}
