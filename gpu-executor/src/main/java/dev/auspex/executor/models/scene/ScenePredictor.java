package dev.auspex.executor.models.scene;

import dev.auspex.executor.cuda.CudaException;
import dev.auspex.executor.models.render.DeviceFaults;
import dev.auspex.executor.models.render.FrameMaker;
import dev.auspex.executor.models.render.VideoMaker;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.VideoFormat;
import dev.auspex.model.CanceledException;
import dev.auspex.model.DeviceLostException;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.model.PredictionContext;
import dev.auspex.model.Predictor;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/** Runs {@code scene-video}. One slot. */
final class ScenePredictor implements Predictor<SceneInput> {

    private final SceneRenderer renderer;
    private final VideoMaker videos;

    ScenePredictor(SceneRenderer renderer, VideoMaker videos) {
        this.renderer = renderer;
        this.videos = videos;
    }

    @Override
    public OutputFile predict(SceneInput input, PredictionContext context) throws ModelException, CanceledException, DeviceLostException {
        input.check();
        Integer asked = input.seed();
        int seed = asked != null ? asked : ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        Reading reading = Reading.of(input.prompt());
        describe(input, reading, seed, context);
        Shot shot = Shot.of(reading, seed, input.camera(), input.seconds());
        FrameSize size = new FrameSize(input.width(), input.height());
        try {
            renderer.load(size, input.samples());
        } catch (CudaException failed) {
            throw DeviceFaults.told(failed);
        }
        return videos.make("width, height", new VideoFormat(size, input.fps(), input.quality()), input.frames(), maker(shot, input.fps()), context);
    }

    @Override
    public void close() {
        renderer.close();
    }

    private FrameMaker maker(Shot shot, int fps) {
        return new FrameMaker() {
            @Override
            public boolean start(int frame, byte[] target, Checkpoint checkpoint) throws CanceledException {
                renderer.start(shot.frame(frame, (double) frame / fps), target, checkpoint);
                return true;
            }

            @Override
            public void finish() {
                renderer.finish();
            }
        };
    }

    private void describe(SceneInput input, Reading reading, int seed, PredictionContext context) {
        String words = reading.known().isEmpty() ? "no known word" : String.join(", ", reading.known());
        context.log("scene: %s, %s (%s)".formatted(name(reading.family()), name(reading.mood()), words));
        context.log("seed: " + seed);
        context.log("video: %d x %d, %d frames at %d per second, %s".formatted(input.width(), input.height(), input.frames(), input.fps(), videos.codec()));
        context.log("frames are made on: " + renderer.device());
        context.metric("seed", seed);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
