package dev.auspex.executor.cuda;

/** What a CUDA error means for those who go on living. */
public enum CudaFault {
    /** The context is lost; every later call fails as well. The process must end; its jobs may be tried elsewhere. */
    STICKY,
    /** Device memory is short. Freeing some and trying again can help. */
    OUT_OF_MEMORY,
    /** The kernels do not load on this device or driver. The model fails, other models go on. */
    BAD_MODULE,
    /** There is no usable device or driver. */
    NO_DEVICE,
    /** Anything else: this call failed, the context is alive. */
    OTHER;

    /**
     * Classifies a driver result (cuda.h, {@code CUresult}).
     *
     * @param code not 0
     */
    public static CudaFault of(int code) {
        return switch (code) {
            case 2 -> OUT_OF_MEMORY;
            // Invalid image, no binary for the GPU, invalid PTX, unsupported PTX version.
            case 200, 209, 218, 222 -> BAD_MODULE;
            // No device, invalid device, driver mismatch, stub library.
            case 34, 100, 101, 803, 804 -> NO_DEVICE;
            // Uncorrectable ECC, NVLink; illegal address, launch timeout, context destroyed, assert; hardware stack error
            // to illegal instruction, misaligned address, address space, program counter, launch failure and cooperative
            // launch; MPS connection; unknown.
            case 214, 220, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 720, 721, 810, 999 -> STICKY;
            default -> OTHER;
        };
    }
}
