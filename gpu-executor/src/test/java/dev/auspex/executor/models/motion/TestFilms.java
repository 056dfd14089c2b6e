package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.Picture;
import dev.auspex.executor.video.PictureDecoder;
import dev.auspex.executor.video.PictureLimits;
import dev.auspex.executor.video.VideoQuality;
import java.nio.file.Path;

/** Inputs and single frames for tests. */
final class TestFilms {

    private TestFilms() {}

    /** Two seconds of 160 x 90 at 10 frames per second, even speed. */
    static MotionInput input(Path image, Motion motion) {
        return new MotionInput(image, motion, 160, 90, 10, 2, 0.5, Easing.LINEAR, false, Fit.COVER, Focus.CENTER, Backdrop.BLUR, VideoQuality.STANDARD);
    }

    static MotionInput sized(MotionInput input, int width, int height) {
        return new MotionInput(input.image(), input.motion(), width, height, input.fps(), input.seconds(), input.strength(), input.easing(), input.loop(), input.fit(), input.focus(), input.backdrop(), input.quality());
    }

    static MotionInput timed(MotionInput input, int fps, double seconds) {
        return new MotionInput(input.image(), input.motion(), input.width(), input.height(), fps, seconds, input.strength(), input.easing(), input.loop(), input.fit(), input.focus(), input.backdrop(), input.quality());
    }

    static MotionInput strong(MotionInput input, double strength) {
        return new MotionInput(input.image(), input.motion(), input.width(), input.height(), input.fps(), input.seconds(), strength, input.easing(), input.loop(), input.fit(), input.focus(), input.backdrop(), input.quality());
    }

    static MotionInput placed(MotionInput input, Fit fit, Focus focus, Backdrop backdrop) {
        return new MotionInput(input.image(), input.motion(), input.width(), input.height(), input.fps(), input.seconds(), input.strength(), input.easing(), input.loop(), fit, focus, backdrop, input.quality());
    }

    static MotionInput looped(MotionInput input) {
        return new MotionInput(input.image(), input.motion(), input.width(), input.height(), input.fps(), input.seconds(), input.strength(), input.easing(), true, input.fit(), input.focus(), input.backdrop(), input.quality());
    }

    /** Everything a film has before its frames are made. */
    static Ready ready(MotionInput input, FrameRenderer renderer) throws Exception {
        Picture picture = new SceneMaker(new PictureDecoder(PictureLimits.standard())).read(input, () -> {}).picture();
        FrameSize size = new FrameSize(input.width(), input.height());
        byte[] backdrop = input.fit() == Fit.CONTAIN ? BackdropFrame.make(input.backdrop(), picture, size, renderer, () -> {}) : new byte[0];
        Framing framing = new Framing(picture.width(), picture.height(), size, input.fit(), input.focus());
        CameraPath path = new CameraPath(framing, input.motion(), input.strength(), input.seconds());
        return new Ready(new Film(input, framing, path, DepthMap.of(picture, input.fit() == Fit.CONTAIN)), new Scene(picture, size, backdrop));
    }

    record Ready(Film film, Scene scene) {

        WarpMesh mesh(int frame) {
            WarpMesh mesh = new WarpMesh(scene.frame());
            mesh.fill(film.camera(frame), film.framing(), film.depth());
            return mesh;
        }

        byte[] frame(FrameRenderer renderer, int frame) throws Exception {
            byte[] bytes = new byte[scene.frame().bytes()];
            renderer.load(scene);
            renderer.start(mesh(frame), bytes, () -> {});
            renderer.finish();
            return bytes;
        }
    }
}
