package dev.auspex.executor.video;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The H.264 encoders of ffmpeg that are used, best first. */
public enum H264Encoder {
    /** The reference: best pictures per byte. */
    LIBX264 {
        @Override
        List<String> arguments(VideoFormat format) {
            return List.of("-preset", "veryfast", "-crf", Integer.toString(format.quality().constantRateFactor()), "-profile:v", "high");
        }
    },
    /** In builds without GPL parts, such as the one that comes along. */
    LIBOPENH264 {
        @Override
        List<String> arguments(VideoFormat format) {
            long rate = format.quality().bitRate(format.size(), format.rate());
            return List.of("-b:v", Long.toString(rate), "-maxrate", Long.toString(2 * rate), "-rc_mode", "quality", "-allow_skip_frames", "0", "-profile:v", "high");
        }

        @Override
        Optional<String> refusal(FrameSize size) {
            boolean fits = Math.max(size.width(), size.height()) <= 3840 && Math.min(size.width(), size.height()) <= 2160;
            return fits ? Optional.empty() : Optional.of("this executor's encoder (libopenh264) makes up to 3840x2160; an ffmpeg with libx264 makes more");
        }
    },
    /** On the GPU; only where somebody asked for it: data-centre cards have no such unit. */
    H264_NVENC {
        @Override
        List<String> arguments(VideoFormat format) {
            return List.of("-preset", "p4", "-rc", "vbr", "-cq", Integer.toString(format.quality().constantRateFactor() + 2), "-b:v", "0", "-profile:v", "high");
        }
    };

    /** Its options for ffmpeg, without the name. */
    abstract List<String> arguments(VideoFormat format);

    /** Why it cannot make frames of this size; empty if it can. */
    Optional<String> refusal(FrameSize size) {
        return Optional.empty();
    }

    /** What ffmpeg calls it. */
    public String codec() {
        return name().toLowerCase(Locale.ROOT);
    }
}
