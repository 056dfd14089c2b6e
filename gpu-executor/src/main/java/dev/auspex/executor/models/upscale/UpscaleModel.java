package dev.auspex.executor.models.upscale;

import dev.auspex.executor.models.render.VideoMaker;
import dev.auspex.executor.video.VideoEncoder;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.Predictor;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The built-in model {@code upscale}: a picture or a video in, a larger and cleaner one out. */
public final class UpscaleModel implements Model<UpscaleInput> {

    private static final Logger LOG = LoggerFactory.getLogger(UpscaleModel.class);

    /** Four channels of the largest picture, what cleaning adds to it, and targets on their way. */
    private static final long LARGEST_JOB_BYTES = 1L << 30;

    /** Called by the service loader. */
    public UpscaleModel() {}

    @Override
    public ModelInfo info() {
        return new ModelInfo(
                "upscale",
                "Makes a picture or a video two to four times larger (Lanczos) and removes noise (non-local means).",
                ModelInfo.OutputForm.FILE,
                true);
    }

    @Override
    public Class<UpscaleInput> inputType() {
        return UpscaleInput.class;
    }

    @Override
    public long deviceBytes(ModelEnvironment environment) {
        return environment.gpu().isPresent() ? LARGEST_JOB_BYTES : 0;
    }

    @Override
    public Predictor<UpscaleInput> setup(ModelEnvironment environment) throws IOException {
        Enlarger enlarger = enlarger(environment);
        LOG.atInfo().addKeyValue("device", enlarger.device()).log("upscale is ready");
        VideoMaker videos = new VideoMaker(VideoEncoder.probe(environment.ffmpeg()));
        return new UpscalePredictor(enlarger, new PictureJob(enlarger, UpscaleLimits.standard()), new VideoJob(enlarger, videos, environment.ffmpeg()));
    }

    private static Enlarger enlarger(ModelEnvironment environment) throws IOException {
        if (environment.gpu().isPresent()) {
            ModelEnvironment.GpuDevice gpu = environment.gpu().get();
            return CudaEnlarger.open(gpu.ordinal(), gpu.name());
        }
        return new CpuEnlarger(Runtime.getRuntime().availableProcessors());
    }
}
