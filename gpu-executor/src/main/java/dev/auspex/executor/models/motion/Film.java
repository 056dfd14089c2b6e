package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.VideoStream;
import dev.auspex.model.CanceledException;
import dev.auspex.model.PredictionContext;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One video: which camera takes which frame, and the loop that makes them in order.
 *
 * @param input what was asked for
 * @param framing how the picture lies behind the frame
 * @param path the camera's move
 * @param depth for moves that show depth
 */
record Film(MotionInput input, Framing framing, CameraPath path, @Nullable DepthMap depth) {

    private static final Duration PROGRESS = Duration.ofMillis(250);

    FrameSize size() {
        return framing.frame();
    }

    /**
     * Makes every frame and sends it; the renderer has the scene already.
     *
     * @throws CanceledException when asked to stop
     * @throws IOException if the encoder failed
     */
    void shoot(FrameRenderer renderer, VideoStream video, PredictionContext context) throws IOException, CanceledException {
        WarpMesh[] meshes = new WarpMesh[FrameRenderer.PIPELINE];
        for (int i = 0; i < meshes.length; i++) {
            meshes[i] = new WarpMesh(size());
        }
        int frames = input.frames();
        long reported = System.nanoTime();
        byte[] before = null;
        for (int i = 0; i < frames; i++) {
            byte[] frame = video.take(context::checkCanceled);
            WarpMesh mesh = meshes[i % meshes.length];
            mesh.fill(camera(i), framing, depth);
            renderer.start(mesh, frame, context::checkCanceled);
            if (before != null) {
                renderer.finish();
                video.send(before);
            }
            before = frame;
            if (System.nanoTime() - reported >= PROGRESS.toNanos()) {
                reported = System.nanoTime();
                context.progress((double) i / frames);
            }
        }
        if (before != null) {
            renderer.finish();
            video.send(before);
        }
    }

    /** The camera of a frame: the first is the start of the move, the last its end or, in a loop, one step before the start. */
    Camera camera(int frame) {
        int frames = input.frames();
        double time = frames == 1 ? 0 : (double) frame / (frames - 1);
        if (input.loop()) {
            time = 1 - Math.abs(2.0 * frame / frames - 1);
        }
        return path.at(input.easing().at(time));
    }
}
