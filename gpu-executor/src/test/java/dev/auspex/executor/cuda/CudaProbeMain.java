package dev.auspex.executor.cuda;

/** Prints what the probe finds; run in a JVM of its own. */
public final class CudaProbeMain {

    private CudaProbeMain() {}

    public static void main(String[] arguments) {
        System.out.println("tmpdir before " + System.getProperty("java.io.tmpdir"));
        System.out.println("device " + CudaProbe.detect());
        System.out.println("reason " + CudaProbe.reason());
        System.out.println("again " + CudaProbe.detect());
        System.out.println("tmpdir after " + System.getProperty("java.io.tmpdir"));
    }
}
