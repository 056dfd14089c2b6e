package dev.auspex.executor.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Choosing an encoder and feeding it, also the one that comes along for machines without ffmpeg. */
class VideoEncoderTest {

    @TempDir
    private Path folder;

    @Test
    void shouldMakeAVideoWhenOnlyTheEmbeddedFfmpegIsThere() throws Exception {
        VideoEncoder encoder = VideoEncoder.probe(TestFfmpeg.embedded(folder), "auto");
        Path file = folder.resolve("grey.mp4");
        VideoFormat format = new VideoFormat(new FrameSize(320, 180), 30, VideoQuality.STANDARD);

        try (VideoStream video = encoder.open(format, file)) {
            for (int i = 0; i < 15; i++) {
                byte[] frame = video.take(() -> {});
                Arrays.fill(frame, (byte) (100 + i));
                video.send(frame);
            }
            video.finish(() -> {});
        }

        assertThat(encoder.encoder()).isEqualTo(H264Encoder.LIBOPENH264);
        assertThat(TestFfmpeg.decode(file)).contains("Video: h264").contains("yuv420p(tv, bt709").contains("320x180");
        assertThat(TestFfmpeg.frames(file)).hasSize(15 * 320 * 180 * 3 / 2);
    }

    @Test
    void shouldRefuseWhenTheFramesAreTooLargeForTheEncoder() throws Exception {
        VideoEncoder encoder = VideoEncoder.probe(TestFfmpeg.embedded(folder), "libopenh264");

        assertThatThrownBy(() -> encoder.open(new VideoFormat(new FrameSize(4096, 4096), 24, VideoQuality.HIGH), folder.resolve("large.mp4")))
                .isInstanceOf(PictureException.class)
                .hasMessageContaining("makes up to 3840x2160");
    }

    @Test
    void shouldSayWhatIsKnownWhenTheChosenEncoderIsNot() {
        assertThatThrownBy(() -> VideoEncoder.probe(TestFfmpeg.path(), "h265"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("AUSPEX_VIDEO_ENCODER=h265")
                .hasMessageEndingWith("known are libx264, libopenh264, h264_nvenc");
    }

    @Test
    void shouldLeaveNoFileWhenClosedUnfinished() throws Exception {
        Path file = folder.resolve("half.mp4");
        VideoEncoder encoder = VideoEncoder.probe(TestFfmpeg.path(), "auto");

        try (VideoStream video = encoder.open(new VideoFormat(new FrameSize(64, 64), 24, VideoQuality.DRAFT), file)) {
            video.send(video.take(() -> {}));
        }

        assertThat(Files.exists(file)).isFalse();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
    }
}
