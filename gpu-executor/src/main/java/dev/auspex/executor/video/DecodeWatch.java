package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;
import java.time.Duration;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;
import org.jspecify.annotations.Nullable;

/** Stops a decoder that was canceled or takes too long; called by the decoder on the decoding thread. */
final class DecodeWatch implements IIOReadProgressListener {

    private final Checkpoint checkpoint;
    private final Duration limit;
    private final long start = System.nanoTime();
    private @Nullable CanceledException canceled;
    private boolean late;

    DecodeWatch(Checkpoint checkpoint, Duration limit) {
        this.checkpoint = checkpoint;
        this.limit = limit;
    }

    /** Throws what made the decoder stop, if anything did. */
    void rethrow() throws CanceledException, PictureException {
        if (canceled != null) {
            throw canceled;
        }
        if (late) {
            throw new PictureException("decoding took longer than " + limit.toSeconds() + " s");
        }
    }

    @Override
    public void imageProgress(ImageReader source, float percentageDone) {
        try {
            checkpoint.check();
        } catch (CanceledException stop) {
            canceled = stop;
        }
        late |= System.nanoTime() - start > limit.toNanos();
        if (late || canceled != null) {
            source.abort();
        }
    }

    @Override
    public void sequenceStarted(ImageReader source, int minIndex) {}

    @Override
    public void sequenceComplete(ImageReader source) {}

    @Override
    public void imageStarted(ImageReader source, int imageIndex) {}

    @Override
    public void imageComplete(ImageReader source) {}

    @Override
    public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {}

    @Override
    public void thumbnailProgress(ImageReader source, float percentageDone) {}

    @Override
    public void thumbnailComplete(ImageReader source) {}

    @Override
    public void readAborted(ImageReader source) {}
}
