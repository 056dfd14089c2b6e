package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.Picture;
import dev.auspex.executor.video.PictureDecoder;
import dev.auspex.executor.video.PictureException;
import dev.auspex.executor.video.PictureHeader;
import dev.auspex.executor.video.PictureScaler;
import dev.auspex.executor.video.PixelRows;
import dev.auspex.model.CanceledException;
import java.io.IOException;

/** Reads a picture at the resolution its video can show. Safe for use by many threads. */
final class SceneMaker {

    /** Making a picture hardly smaller costs sharpness and gains nothing: the frame filter takes care of so little. */
    private static final double WORTHWHILE = 1.3;

    /** 24 megapixels take 144 MB; beyond that only the closest view of the largest videos loses detail. */
    private static final double MOST_SAMPLES = 24e6;

    private final PictureDecoder decoder;

    SceneMaker(PictureDecoder decoder) {
        this.decoder = decoder;
    }

    /**
     * A picture as asked for, and its header.
     *
     * @throws PictureException if it cannot be used
     * @throws CanceledException from the checkpoint
     * @throws IOException if the file cannot be read
     */
    Read read(MotionInput input, Checkpoint checkpoint) throws IOException, PictureException, CanceledException {
        return decoder.decode(input.image(), checkpoint, (pixels, header) -> read(input, pixels, header, checkpoint));
    }

    /**
     * A picture that was read.
     *
     * @param header the file's
     * @param picture upright, as large as needed
     */
    record Read(PictureHeader header, Picture picture) {}

    private static Read read(MotionInput input, PixelRows pixels, PictureHeader header, Checkpoint checkpoint) throws CanceledException {
        double density = density(input, header);
        Picture picture = new PictureScaler(pixels, input.backdrop().colour(), checkpoint).scale(density, header.orientation());
        return new Read(header, picture);
    }

    /** Samples per stored pixel so that the closest view has one sample per frame pixel. */
    static double density(MotionInput input, PictureHeader header) {
        FrameSize frame = new FrameSize(input.width(), input.height());
        Framing framing = new Framing(header.shownWidth(), header.shownHeight(), frame, input.fit(), input.focus());
        double closest = new CameraPath(framing, input.motion(), input.strength(), input.seconds()).closest();
        double needed = closest / framing.unitsPerPixel();
        double affordable = Math.sqrt(MOST_SAMPLES / header.pixels());
        return Math.min(needed * WORTHWHILE > 1 ? 1 : needed, affordable);
    }
}
