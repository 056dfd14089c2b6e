package dev.auspex.executor.models.motion;

import dev.auspex.executor.models.render.FrameMaker;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.model.CanceledException;
import org.jspecify.annotations.Nullable;

/**
 * One video: which camera takes which frame.
 *
 * @param input what was asked for
 * @param framing how the picture lies behind the frame
 * @param path the camera's move
 * @param depth for moves that show depth
 */
record Film(MotionInput input, Framing framing, CameraPath path, @Nullable DepthMap depth) {

    FrameSize size() {
        return framing.frame();
    }

    /** What makes this film's frames; the renderer has the scene already. */
    FrameMaker maker(FrameRenderer renderer) {
        WarpMesh[] meshes = new WarpMesh[FrameMaker.PIPELINE];
        for (int i = 0; i < meshes.length; i++) {
            meshes[i] = new WarpMesh(size());
        }
        return new FrameMaker() {
            @Override
            public boolean start(int frame, byte[] target, Checkpoint checkpoint) throws CanceledException {
                WarpMesh mesh = meshes[frame % meshes.length];
                mesh.fill(camera(frame), framing, depth);
                renderer.start(mesh, target, checkpoint);
                return true;
            }

            @Override
            public void finish() {
                renderer.finish();
            }
        };
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
