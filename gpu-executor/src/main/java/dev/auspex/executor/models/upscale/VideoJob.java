package dev.auspex.executor.models.upscale;

import dev.auspex.executor.models.render.FrameMaker;
import dev.auspex.executor.models.render.VideoMaker;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.PictureException;
import dev.auspex.executor.video.SoundTrack;
import dev.auspex.executor.video.VideoFile;
import dev.auspex.executor.video.VideoFormat;
import dev.auspex.executor.video.VideoSource;
import dev.auspex.model.CanceledException;
import dev.auspex.model.DeviceLostException;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.model.PredictionContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Enlarges a video: decoding, enlarging and encoding run at the same time, all but enlarging in processes of their own. One slot. */
final class VideoJob {

    private static final int MOST_FRAMES = 7_200;

    private final Enlarger enlarger;
    private final VideoMaker videos;
    private final Path ffmpeg;

    VideoJob(Enlarger enlarger, VideoMaker videos, Path ffmpeg) {
        this.enlarger = enlarger;
        this.videos = videos;
        this.ffmpeg = ffmpeg;
    }

    OutputFile run(Path file, UpscaleInput input, PredictionContext context) throws ModelException, CanceledException, DeviceLostException {
        Enlargement how = input.enlargement();
        VideoFile original = new VideoFile(ffmpeg, file, FrameSize.MAX / how.scale());
        try (VideoSource source = open(original, context);
                SoundTrack sound = SoundTrack.start(original, source.sound(), source.rate().length(MOST_FRAMES), context.workFolder())) {
            FrameSize size = new FrameSize(source.size().width() * how.scale(), source.size().height() * how.scale());
            context.log("video: %s at %s frames per second becomes %s, %s; sound: %s".formatted(source.size(), source.rate(), size, videos.codec(), sound.plan()));
            Frames frames = new Frames(enlarger, source, size, how);
            OutputFile made = videos.make("video", new VideoFormat(size, source.rate(), input.quality()), MOST_FRAMES + 1, frames, context);
            sound.addTo(made.path(), source.rate().length(frames.done), context::checkCanceled)
                    .ifPresent(why -> context.log("the video is without its sound, which could not be used: " + why));
            return made;
        } catch (PictureException refused) {
            throw new ModelException("video: " + refused.getMessage(), refused);
        } catch (IOException failed) {
            throw new ModelException("video: it could not be decoded: " + failed.getMessage(), failed);
        }
    }

    // Before hours of work: what a file claims to be.
    private static VideoSource open(VideoFile file, PredictionContext context) throws IOException, PictureException, CanceledException {
        VideoSource source = VideoSource.open(file, context::checkCanceled);
        try {
            Duration most = source.rate().length(MOST_FRAMES);
            if (source.duration().filter(claimed -> claimed.compareTo(most) > 0).isPresent()) {
                throw tooLong();
            }
            return source;
        } catch (PictureException | CanceledException refused) {
            source.close();
            throw refused;
        }
    }

    private static PictureException tooLong() {
        return new PictureException("must have at most %d frames".formatted(MOST_FRAMES));
    }

    /** One frame's planes are taken while the frame before it is being enlarged. */
    private static final class Frames implements FrameMaker {

        private final Enlarger enlarger;
        private final VideoSource source;
        private final Enlargement how;
        private final FrameSize size;
        private final List<Band> bands;
        private int done;

        Frames(Enlarger enlarger, VideoSource source, FrameSize size, Enlargement how) {
            this.enlarger = enlarger;
            this.source = source;
            this.size = size;
            this.how = how;
            this.bands = List.of(band(0), band(1), band(2));
            enlarger.begin(size.bytes());
        }

        @Override
        public boolean start(int frame, byte[] target, Checkpoint checkpoint) throws PictureException, CanceledException {
            byte[] original = source.next(checkpoint);
            if (original == null) {
                return false;
            }
            if (frame >= MOST_FRAMES) {
                throw tooLong(); // it said that it was shorter, or nothing
            }
            enlarger.load(Original.of(original, source.size(), how.denoise() > 0), how, checkpoint);
            enlarger.start(bands, target, checkpoint);
            return true;
        }

        @Override
        public void finish() {
            enlarger.finish();
            done++;
        }

        @Override
        public boolean knowsLength() {
            return false;
        }

        private Band band(int plane) {
            return new Band(plane, new Band.Rows(0, size.height(plane)), new Band.Layout(size.offset(plane), 1, size.width(plane)), plane > 0);
        }
    }
}
