package dev.auspex.executor.models.upscale;

import dev.auspex.executor.cuda.CudaProbe;
import dev.auspex.executor.models.RecordingContext;
import dev.auspex.executor.video.VideoQuality;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.OutputFile;
import java.nio.file.Path;
import java.util.Objects;

/** Enlarges and cleans a video on the device, twice; run in a JVM of its own. */
public final class EnlargeVideoMain {

    private EnlargeVideoMain() {}

    /** @param arguments the video, a folder and ffmpeg */
    public static void main(String[] arguments) throws Exception {
        try (var predictor = new UpscaleModel().setup(new ModelEnvironment("gpu-test", CudaProbe.detect(), Path.of(arguments[2])))) {
            for (int i = 0; i < 2; i++) {
                RecordingContext context = new RecordingContext(Path.of(arguments[1]));
                OutputFile made = (OutputFile) predictor.predict(new UpscaleInput(null, Path.of(arguments[0]), 2, 0.3, VideoQuality.DRAFT), context);
                System.out.println("made " + Objects.requireNonNull(made).contentType() + " of " + context.metrics().get("frames") + " frames");
            }
        }
    }
}
