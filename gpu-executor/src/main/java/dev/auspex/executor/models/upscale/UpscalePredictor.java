package dev.auspex.executor.models.upscale;

import dev.auspex.executor.cuda.CudaException;
import dev.auspex.executor.models.render.DeviceFaults;
import dev.auspex.model.CanceledException;
import dev.auspex.model.DeviceLostException;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.model.PredictionContext;
import dev.auspex.model.Predictor;
import java.util.Locale;

/** Runs {@code upscale}. One slot. */
final class UpscalePredictor implements Predictor<UpscaleInput> {

    private final Enlarger enlarger;
    private final PictureJob pictures;

    UpscalePredictor(Enlarger enlarger, UpscaleLimits limits) {
        this.enlarger = enlarger;
        this.pictures = new PictureJob(enlarger, limits);
    }

    @Override
    public OutputFile predict(UpscaleInput input, PredictionContext context) throws ModelException, CanceledException, DeviceLostException {
        input.check();
        context.log("made on: " + enlarger.device());
        long start = System.nanoTime();
        try {
            OutputFile made = pictures.run(input, context);
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
