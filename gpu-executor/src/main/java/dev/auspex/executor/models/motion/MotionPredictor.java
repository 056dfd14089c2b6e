package dev.auspex.executor.models.motion;

import dev.auspex.executor.cuda.CudaException;
import dev.auspex.executor.models.render.DeviceFaults;
import dev.auspex.executor.models.render.VideoMaker;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.Picture;
import dev.auspex.executor.video.PictureDecoder;
import dev.auspex.executor.video.PictureException;
import dev.auspex.executor.video.PictureHeader;
import dev.auspex.executor.video.PictureLimits;
import dev.auspex.executor.video.VideoFormat;
import dev.auspex.model.CanceledException;
import dev.auspex.model.DeviceLostException;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.model.PredictionContext;
import dev.auspex.model.Predictor;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Runs {@code motion-video}: reads the picture, makes frames and feeds the encoder, all three overlapping. One slot. */
final class MotionPredictor implements Predictor<MotionInput> {

    private final FrameRenderer renderer;
    private final VideoMaker videos;
    private final SceneMaker scenes = new SceneMaker(new PictureDecoder(PictureLimits.standard()));

    MotionPredictor(FrameRenderer renderer, VideoMaker videos) {
        this.renderer = renderer;
        this.videos = videos;
    }

    @Override
    public OutputFile predict(MotionInput input, PredictionContext context)
            throws ModelException, CanceledException, DeviceLostException {
        input.check();
        Picture picture = picture(input, context);
        Film film;
        try {
            film = film(input, picture, context);
        } catch (CudaException failed) {
            throw DeviceFaults.told(failed);
        }
        VideoFormat format = new VideoFormat(film.size(), input.fps(), input.quality());
        return videos.make("width, height", format, input.frames(), film.maker(renderer), context);
    }

    @Override
    public void close() {
        renderer.close();
    }

    private Picture picture(MotionInput input, PredictionContext context) throws ModelException, CanceledException {
        try {
            SceneMaker.Read read = scenes.read(input, context::checkCanceled);
            describe(input, read.header(), context);
            return read.picture();
        } catch (PictureException refused) {
            throw new ModelException("image: " + refused.getMessage(), refused);
        } catch (IOException unreadable) {
            throw new ModelException("image: the file could not be read", unreadable);
        }
    }

    private Film film(MotionInput input, Picture picture, PredictionContext context) throws CanceledException {
        FrameSize size = new FrameSize(input.width(), input.height());
        byte[] backdrop = input.fit() == Fit.CONTAIN ? BackdropFrame.make(input.backdrop(), picture, size, renderer, context::checkCanceled) : new byte[0];
        renderer.load(new Scene(picture, size, backdrop));
        Framing framing = new Framing(picture.width(), picture.height(), size, input.fit(), input.focus());
        CameraPath path = new CameraPath(framing, input.motion(), input.strength(), input.seconds());
        return new Film(input, framing, path, depth(input, picture));
    }

    private static @Nullable DepthMap depth(MotionInput input, Picture picture) {
        return switch (input.motion()) {
            case PARALLAX, ORBIT, DOLLY -> DepthMap.of(picture, input.fit() == Fit.CONTAIN);
            case ZOOM_IN, ZOOM_OUT, PAN_LEFT, PAN_RIGHT, PAN_UP, PAN_DOWN, ROTATE -> null;
        };
    }

    private void describe(MotionInput input, PictureHeader header, PredictionContext context) {
        context.log("picture: %s, %d x %d".formatted(header.format(), header.width(), header.height()));
        context.log("video: %s, %d x %d, %d frames at %d per second, %s".formatted(
                input.motion().name().toLowerCase(Locale.ROOT).replace('_', '-'), input.width(), input.height(), input.frames(), input.fps(), videos.codec()));
        context.log("frames are made on: " + renderer.device());
    }
}
