package dev.auspex.executor.cuda;

import jcuda.driver.CUresult;

/**
 * A CUDA call that failed. Unchecked: no caller between the call and the slot's loop can do anything about it; the loop asks
 * {@link #fault}.
 */
public final class CudaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final CudaFault fault;

    CudaException(int code, String message) {
        super(message);
        this.code = code;
        this.fault = CudaFault.of(code);
    }

    /** The driver's number. */
    public int code() {
        return code;
    }

    /** What follows from it. */
    public CudaFault fault() {
        return fault;
    }

    /**
     * Throws unless a driver call returned 0.
     *
     * @param doing what was tried, for the message
     */
    static void check(int code, String doing) {
        if (code != CUresult.CUDA_SUCCESS) {
            throw new CudaException(code, doing + " failed with CUDA error " + describe(code));
        }
    }

    /** A code with its name where JCuda knows one. */
    static String describe(int code) {
        String name = CUresult.stringFor(code);
        return name.startsWith("CUDA_") ? code + " (" + name + ")" : Integer.toString(code);
    }
}
