package dev.auspex.executor.models.scene;

import dev.auspex.executor.cuda.CudaProbe;
import dev.auspex.executor.models.RecordingContext;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelEnvironment.GpuDevice;
import dev.auspex.model.OutputFile;
import java.nio.file.Path;
import java.util.Objects;

/** Makes frames with the kernel and with Java and prints how far they are apart; run in a JVM of its own. */
public final class CompareScenesMain {

    private CompareScenesMain() {}

    /** @param arguments a folder and ffmpeg */
    public static void main(String[] arguments) throws Exception {
        GpuDevice gpu = CudaProbe.detect().orElseThrow(() -> new IllegalStateException(CudaProbe.reason()));
        // A frame in five bands.
        try (SceneRenderer cuda = CudaSceneRenderer.open(gpu.ordinal(), gpu.name(), 512);
                SceneRenderer java = new CpuSceneRenderer(2)) {
            FrameSize size = new FrameSize(64, 36);
            cancel(cuda, size);
            for (String prompt : TestScenes.PROMPTS) {
                compare(prompt, TestScenes.frame(java, prompt, Move.AUTO, 1.5, size), TestScenes.frame(cuda, prompt, Move.AUTO, 1.5, size));
            }
        }
        try (var predictor = new SceneVideoModel().setup(new ModelEnvironment("gpu-test", CudaProbe.detect(), Path.of(arguments[1])))) {
            OutputFile made = (OutputFile) predictor.predict(TestScenes.sized(48, 32, 4, 1), new RecordingContext(Path.of(arguments[0])));
            System.out.println("made " + Objects.requireNonNull(made).contentType() + " on " + gpu.name());
        }
    }

    /** What is compared afterwards shows that nothing of this frame is left. */
    private static void cancel(SceneRenderer cuda, FrameSize size) throws Exception {
        int[] asked = {0};
        cuda.load(size, 1);
        try {
            cuda.start(new float[SceneUniforms.COUNT], new byte[size.bytes()], () -> {
                if (++asked[0] == 2) {
                    throw new CanceledException();
                }
            });
            System.out.println("not canceled");
        } catch (CanceledException expected) {
            System.out.println("canceled at band " + asked[0]);
        }
    }

    private static void compare(String prompt, byte[] expected, byte[] actual) {
        long sum = 0;
        int far = 0;
        for (int i = 0; i < expected.length; i++) {
            int distance = Math.abs((expected[i] & 0xff) - (actual[i] & 0xff));
            sum += distance;
            far += distance > 4 ? 1 : 0;
        }
        System.out.printf("compared %s: mean %.4f, far %.4f%n", prompt, (double) sum / expected.length, (double) far / expected.length);
    }
}
