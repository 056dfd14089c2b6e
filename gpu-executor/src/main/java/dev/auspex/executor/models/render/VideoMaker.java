package dev.auspex.executor.models.render;

import dev.auspex.executor.cuda.CudaException;
import dev.auspex.executor.video.PictureException;
import dev.auspex.executor.video.VideoEncoder;
import dev.auspex.executor.video.VideoFormat;
import dev.auspex.executor.video.VideoStream;
import dev.auspex.model.CanceledException;
import dev.auspex.model.DeviceLostException;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.model.PredictionContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Turns frames into a prediction's video: encodes them while they are made, and says what went wrong in the client's words. */
public final class VideoMaker {

    private final VideoEncoder encoder;

    /** @param encoder of the executor */
    public VideoMaker(VideoEncoder encoder) {
        this.encoder = encoder;
    }

    /** What encodes, for the prediction's log. */
    public String codec() {
        return encoder.encoder().codec();
    }

    /**
     * Makes a video.
     *
     * @param source the input that the frames are made from, for messages
     * @param most how many frames there are at the most
     * @throws ModelException if it cannot be encoded
     * @throws CanceledException when asked to stop; no file is left
     * @throws DeviceLostException if the device is gone for good
     */
    public OutputFile make(String source, VideoFormat format, int most, FrameMaker maker, PredictionContext context)
            throws ModelException, CanceledException, DeviceLostException {
        Path file = context.workFolder().resolve("video.mp4");
        long start = System.nanoTime();
        int frames;
        try (VideoStream video = encoder.open(format, file)) {
            frames = FrameLoop.run(most, maker, video, context);
            video.finish(context::checkCanceled);
        } catch (PictureException refused) {
            throw new ModelException(source + ": " + refused.getMessage(), refused);
        } catch (IOException failed) {
            throw new ModelException("the video could not be encoded: " + failed.getMessage(), failed);
        } catch (CudaException failed) {
            throw DeviceFaults.told(failed);
        }
        report(frames, (System.nanoTime() - start) / 1e9, context);
        return new OutputFile(file, "video/mp4");
    }

    private static void report(int frames, double seconds, PredictionContext context) {
        double perSecond = Math.round(10 * frames / seconds) / 10.0;
        context.metric("frames", frames);
        context.metric("frames_per_second", perSecond);
        context.log(String.format(Locale.ROOT, "%d frames in %.2f s, %.1f per second", frames, seconds, perSecond));
    }
}
