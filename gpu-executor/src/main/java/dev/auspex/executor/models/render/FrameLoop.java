package dev.auspex.executor.models.render;

import dev.auspex.executor.video.PictureException;
import dev.auspex.executor.video.VideoStream;
import dev.auspex.model.CanceledException;
import dev.auspex.model.PredictionContext;
import java.io.IOException;
import java.time.Duration;

/** Makes every frame of a video and sends it: one is made while the one before it is on its way to the encoder. */
public final class FrameLoop {

    private static final Duration PROGRESS = Duration.ofMillis(250);

    private FrameLoop() {}

    /**
     * Makes the frames.
     *
     * @param most how many at the most
     * @return how many there were
     * @throws PictureException if what the frames are made from turns out to be broken
     * @throws CanceledException when asked to stop
     * @throws IOException if the encoder failed
     */
    public static int run(int most, FrameMaker maker, VideoStream video, PredictionContext context) throws IOException, PictureException, CanceledException {
        long reported = System.nanoTime();
        byte[] before = null;
        int made = 0;
        while (made < most) {
            byte[] frame = video.take(context::checkCanceled);
            if (!maker.start(made, frame, context::checkCanceled)) {
                break;
            }
            made++;
            if (before != null) {
                maker.finish();
                video.send(before);
            }
            before = frame;
            if (maker.knowsLength() && System.nanoTime() - reported >= PROGRESS.toNanos()) {
                reported = System.nanoTime();
                context.progress((double) (made - 1) / most);
            }
        }
        if (before != null) {
            maker.finish();
            video.send(before);
        }
        return made;
    }
}
