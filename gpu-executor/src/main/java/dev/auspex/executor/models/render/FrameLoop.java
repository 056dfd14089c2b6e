package dev.auspex.executor.models.render;

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
     * @param frames how many
     * @throws CanceledException when asked to stop
     * @throws IOException if the encoder failed
     */
    public static void run(int frames, FrameMaker maker, VideoStream video, PredictionContext context) throws IOException, CanceledException {
        long reported = System.nanoTime();
        byte[] before = null;
        for (int i = 0; i < frames; i++) {
            byte[] frame = video.take(context::checkCanceled);
            maker.start(i, frame, context::checkCanceled);
            if (before != null) {
                maker.finish();
                video.send(before);
            }
            before = frame;
            if (System.nanoTime() - reported >= PROGRESS.toNanos()) {
                reported = System.nanoTime();
                context.progress((double) i / frames);
            }
        }
        if (before != null) {
            maker.finish();
            video.send(before);
        }
    }
}
