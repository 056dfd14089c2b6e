package dev.auspex.executor.models.scene;

import dev.auspex.executor.models.render.VideoMaker;
import dev.auspex.executor.video.VideoEncoder;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.Predictor;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The built-in model {@code scene-video}: a text and a seed in, a ray-marched H.264 mp4 out. */
public final class SceneVideoModel implements Model<SceneInput> {

    private static final Logger LOG = LoggerFactory.getLogger(SceneVideoModel.class);

    /** Two of the largest frames and what they are told. */
    private static final long LARGEST_JOB_BYTES = 64L << 20;

    /** Called by the service loader. */
    public SceneVideoModel() {}

    @Override
    public ModelInfo info() {
        return new ModelInfo(
                "scene-video",
                "Turns a text into a video of an ocean, a city, hills, spheres, a tunnel or planets, by ray marching.",
                ModelInfo.OutputForm.FILE,
                true);
    }

    @Override
    public Class<SceneInput> inputType() {
        return SceneInput.class;
    }

    @Override
    public long deviceBytes(ModelEnvironment environment) {
        return environment.gpu().isPresent() ? LARGEST_JOB_BYTES : 0;
    }

    @Override
    public Predictor<SceneInput> setup(ModelEnvironment environment) throws IOException {
        VideoEncoder encoder = VideoEncoder.probe(environment.ffmpeg());
        SceneRenderer renderer = renderer(environment);
        LOG.atInfo()
                .addKeyValue("device", renderer.device())
                .addKeyValue("encoder", encoder.encoder().codec())
                .log("scene-video is ready");
        return new ScenePredictor(renderer, new VideoMaker(encoder));
    }

    private static SceneRenderer renderer(ModelEnvironment environment) throws IOException {
        if (environment.gpu().isPresent()) {
            ModelEnvironment.GpuDevice gpu = environment.gpu().get();
            return CudaSceneRenderer.open(gpu.ordinal(), gpu.name());
        }
        return new CpuSceneRenderer(Runtime.getRuntime().availableProcessors());
    }
}
