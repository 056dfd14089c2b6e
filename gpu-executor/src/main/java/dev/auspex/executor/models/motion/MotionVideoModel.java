package dev.auspex.executor.models.motion;

import dev.auspex.executor.models.render.VideoMaker;
import dev.auspex.executor.video.VideoEncoder;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.Predictor;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The built-in model {@code motion-video}: a picture in, a camera move over it out, as an H.264 mp4. */
public final class MotionVideoModel implements Model<MotionInput> {

    private static final Logger LOG = LoggerFactory.getLogger(MotionVideoModel.class);
    /** The largest picture it keeps (24 megapixels), the largest frames of the pipeline and their meshes, rounded up. */
    private static final long LARGEST_JOB_BYTES = 256L << 20;

    /** Called by the service loader. */
    public MotionVideoModel() {}

    @Override
    public ModelInfo info() {
        return new ModelInfo(
                "motion-video",
                "Turns a picture into a video: pan, zoom, rotate, parallax and other camera moves.",
                ModelInfo.OutputForm.FILE,
                true);
    }

    @Override
    public Class<MotionInput> inputType() {
        return MotionInput.class;
    }

    @Override
    public long deviceBytes(ModelEnvironment environment) {
        return environment.gpu().isPresent() ? LARGEST_JOB_BYTES : 0;
    }

    @Override
    public Predictor<MotionInput> setup(ModelEnvironment environment) throws IOException {
        VideoEncoder encoder = VideoEncoder.probe(environment.ffmpeg());
        FrameRenderer renderer = renderer(environment);
        LOG.atInfo()
                .addKeyValue("device", renderer.device())
                .addKeyValue("encoder", encoder.encoder().codec())
                .log("motion-video is ready");
        return new MotionPredictor(renderer, new VideoMaker(encoder));
    }

    private static FrameRenderer renderer(ModelEnvironment environment) throws IOException {
        if (environment.gpu().isPresent()) {
            ModelEnvironment.GpuDevice gpu = environment.gpu().get();
            return CudaFrameRenderer.open(gpu.ordinal(), gpu.name());
        }
        return new CpuFrameRenderer(Runtime.getRuntime().availableProcessors());
    }
}
