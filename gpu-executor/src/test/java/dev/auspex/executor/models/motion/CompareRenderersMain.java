package dev.auspex.executor.models.motion;

import dev.auspex.executor.cuda.CudaProbe;
import dev.auspex.model.ModelEnvironment.GpuDevice;
import java.nio.file.Path;

/** Makes the same frames with the kernel and with Java and prints how far they are apart; run in a JVM of its own. */
public final class CompareRenderersMain {

    private CompareRenderersMain() {}

    /** @param arguments the picture */
    public static void main(String[] arguments) throws Exception {
        GpuDevice gpu = CudaProbe.detect().orElseThrow(() -> new IllegalStateException(CudaProbe.reason()));
        try (FrameRenderer cuda = CudaFrameRenderer.open(gpu.ordinal(), gpu.name());
                FrameRenderer java = new CpuFrameRenderer(2)) {
            for (Motion motion : Motion.values()) {
                for (Fit fit : Fit.values()) {
                    MotionInput input = TestFilms.placed(TestFilms.input(Path.of(arguments[0]), motion), fit, Focus.RIGHT, Backdrop.BLUR);
                    compare(fit == Fit.COVER ? TestFilms.strong(input, 1) : TestFilms.sized(input, 250, 338), java, cuda);
                }
            }
        }
    }

    private static void compare(MotionInput input, FrameRenderer java, FrameRenderer cuda) throws Exception {
        TestFilms.Ready film = TestFilms.ready(input, java);
        for (int frame : new int[] {0, 13}) {
            byte[] expected = film.frame(java, frame);
            byte[] actual = film.frame(cuda, frame);
            int largest = 0;
            int different = 0;
            for (int i = 0; i < expected.length; i++) {
                int distance = Math.abs((expected[i] & 0xff) - (actual[i] & 0xff));
                largest = Math.max(largest, distance);
                different += distance > 0 ? 1 : 0;
            }
            System.out.printf("compared %s %s %dx%d frame %d: largest %d, different %.4f%n", input.motion(), input.fit(), input.width(), input.height(), frame, largest, (double) different / expected.length);
        }
    }
}
