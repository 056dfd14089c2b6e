package dev.auspex.executor.models.text;

import dev.auspex.executor.cuda.CudaProbe;
import dev.auspex.executor.models.RecordingContext;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelEnvironment.GpuDevice;
import java.nio.file.Path;

/** Runs transformers with the kernels and with Java and prints how far they are apart; run in a JVM of its own. */
public final class CompareEnginesMain {

    private CompareEnginesMain() {}

    /** @param arguments a folder with a small model */
    public static void main(String[] arguments) throws Exception {
        GpuDevice gpu = CudaProbe.detect().orElseThrow(() -> new IllegalStateException(CudaProbe.reason()));
        compare(gpu, TestTexts.random(1, 24, 40, 4, 2));
        compare(gpu, TestTexts.random(2, 32, 70, 2, 1));
        compare(gpu, TestTexts.random(3, 40, 33, 5, 5));
        RecordingContext context = new RecordingContext(Path.of(arguments[0]));
        try (var predictor = new TinyTextModel(Path.of(arguments[0], "model.bin").toString()).setup(new ModelEnvironment("gpu-test", CudaProbe.detect(), Path.of("ffmpeg")))) {
            predictor.predict(new TextInput("ab", 4, 1, 1, 1, null), context);
            System.out.println("made " + context.metrics().get("output_token_count") + " on " + gpu.name());
        }
    }

    private static void compare(GpuDevice gpu, TextWeights weights) throws Exception {
        try (TextEngine cuda = CudaTextEngine.open(gpu.ordinal(), gpu.name(), weights);
                TextEngine java = new CpuTextEngine(weights, 2)) {
            double largest = 0;
            for (int position = 0; position < 12; position++) {
                float[] expected = java.step(position * 17 % TestTexts.VOCABULARY, position, () -> {});
                float[] actual = cuda.step(position * 17 % TestTexts.VOCABULARY, position, () -> {});
                for (int i = 0; i < expected.length; i++) {
                    largest = Math.max(largest, Math.abs(expected[i] - actual[i]));
                }
            }
            System.out.printf("compared %s: largest %.6f%n", weights.shape(), largest);
        }
    }
}
