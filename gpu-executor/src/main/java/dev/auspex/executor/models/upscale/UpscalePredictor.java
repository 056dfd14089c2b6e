package dev.auspex.executor.models.upscale;

import dev.auspex.executor.cuda.CudaException;
import dev.auspex.executor.models.render.DeviceFaults;
import dev.auspex.model.CanceledException;
import dev.auspex.model.DeviceLostException;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.model.PredictionContext;
import dev.auspex.model.Predictor;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** Runs {@code upscale}. One slot. */
final class UpscalePredictor implements Predictor<UpscaleInput> {

    private final Enlarger enlarger;
    private final PictureJob pictures;
    private final VideoJob videos;

    UpscalePredictor(Enlarger enlarger, PictureJob pictures, VideoJob videos) {
        this.enlarger = enlarger;
        this.pictures = pictures;
        this.videos = videos;
    }

    @Override
    public OutputFile predict(UpscaleInput input, PredictionContext context) throws ModelException, CanceledException, DeviceLostException {
        input.check();
        context.log("made on: " + enlarger.device());
        long start = System.nanoTime();
        try {
            Path image = input.image();
            OutputFile made = image != null ? pictures.run(image, input.enlargement(), context) : videos.run(Objects.requireNonNull(input.video()), input, context);
            context.log(String.format(Locale.ROOT, "done in %.2f s", (System.nanoTime() - start) / 1e9));
            return made;
        } catch (CudaException failed) {
            throw DeviceFaults.told(failed);
        }
    }

    @Override
    public void close() {
        enlarger.close();
    }
}
