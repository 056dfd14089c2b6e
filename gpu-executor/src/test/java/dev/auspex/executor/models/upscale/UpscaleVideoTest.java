package dev.auspex.executor.models.upscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.executor.models.ModelOnCpu;
import dev.auspex.executor.video.TestFfmpeg;
import dev.auspex.executor.video.VideoQuality;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole model on videos, with a real ffmpeg on both sides. */
class UpscaleVideoTest {

    @RegisterExtension
    static final ModelOnCpu<UpscaleInput> MODEL = new ModelOnCpu<>(new UpscaleModel());

    @TempDir
    private static Path videos;

    @ParameterizedTest
    @CsvSource({"mp4, 64, 36, 10, 2, 0", "webm, 50, 34, 25, 3, 0", "mkv, 64, 36, 30, 1, 0.3", "avi, 33, 35, 10, 4, 0"})
    void shouldBeThatMuchLargerAndAsLongWhenDone(String ending, int width, int height, int rate, int scale, double denoise) throws Exception {
        Path film = TestVideos.make(videos.resolve("film." + ending), "testsrc2=s=%dx%d:r=%d:d=0.6".formatted(width, height, rate), "-pix_fmt", ending.equals("avi") ? "yuv444p" : "yuv420p");

        Path made = predict(film, scale, denoise);

        String report = TestFfmpeg.decode(made);
        int largeWidth = width / 2 * 2 * scale;
        int largeHeight = height / 2 * 2 * scale;
        assertThat(report).contains("Video: h264").contains(", " + largeWidth + "x" + largeHeight).contains(rate + " fps");
        int frames = Math.round(0.6f * rate);
        assertThat(TestFfmpeg.frames(made)).hasSize(frames * largeWidth * largeHeight * 3 / 2);
        assertThat(MODEL.context().metrics()).containsEntry("frames", frames);
    }

    @Test
    void shouldLookLikeTheOriginalWhenMadeSmallAgain() throws Exception {
        // ffmpeg's own source of gradients is another one every time, also with a seed.
        String smooth = "nullsrc=s=64x64:r=10:d=0.3,geq=lum='128+60*sin(X/12+N)*cos(Y/15)':cb=128:cr=128";
        Path film = TestVideos.make(videos.resolve("smooth.mkv"), smooth, "-pix_fmt", "yuv420p", "-c:v", "ffv1");

        byte[] original = TestFfmpeg.frames(film);
        byte[] large = TestFfmpeg.frames(predict(film, 2, 0));

        int frame = 64 * 64 * 3 / 2;
        for (int i = 0; i < original.length / frame; i++) {
            for (int y = 4; y < 60; y += 5) {
                for (int x = 4; x < 60; x += 5) {
                    int sum = 0;
                    for (int k = 0; k < 4; k++) {
                        sum += large[i * 4 * frame + (2 * y + k / 2) * 128 + 2 * x + k % 2] & 255;
                    }
                    int was = original[i * frame + y * 64 + x] & 255;
                    assertThat(sum / 4).as("frame %d, %d, %d", i, x, y).isBetween(was - 12, was + 12);
                }
            }
        }
    }

    @Test
    void shouldNameTheVideoWhenItCannotBeUsed() throws Exception {
        Path text = Files.writeString(videos.resolve("text.mp4"), "not a video at all");
        assertRefused(text, 2, "video: expected a video such as mp4, mov, webm or mkv: ");
        assertRefused(videos.resolve("absent.mp4"), 2, "video: expected a video such as mp4, mov, webm or mkv: ");
        Path film = TestVideos.make(videos.resolve("whole.mp4"), "testsrc2=s=64x36:r=10:d=1", "-pix_fmt", "yuv420p");
        byte[] bytes = Files.readAllBytes(film);
        assertRefused(Files.write(videos.resolve("cut.mp4"), java.util.Arrays.copyOf(bytes, bytes.length / 3)), 2, "video: expected a video");
    }

    /** A playlist could make the decoder open any file or address of this machine. */
    @Test
    void shouldNotReadWhatAPlaylistNames() throws Exception {
        Path film = TestVideos.make(videos.resolve("secret.ts"), "testsrc2=s=64x36:r=10:d=1", "-pix_fmt", "yuv420p");
        Path playlist = Files.writeString(videos.resolve("list.m3u8"), "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + film.toUri() + "\n#EXT-X-ENDLIST\n");
        Path concat = Files.writeString(videos.resolve("list.mp4"), "ffconcat version 1.0\nfile '" + film + "'\n");

        assertRefused(playlist, 2, "video: expected a video such as mp4, mov, webm or mkv: ");
        assertRefused(concat, 2, "video: expected a video such as mp4, mov, webm or mkv: ");
    }

    @Test
    void shouldRefuseFramesThatAreTooLargeOnceEnlarged() {
        Path film = TestVideos.make(videos.resolve("wide.mkv"), "color=red:s=2100x16:r=1:d=1", "-pix_fmt", "yuv420p", "-c:v", "ffv1");

        assertRefused(film, 2, "video: frames must have sides of 16 to 2048 pixels, are 2100 x 16");
        Path huge = TestVideos.make(videos.resolve("huge.mkv"), "color=red:s=3000x3000:r=1:d=1", "-pix_fmt", "yuv420p", "-c:v", "ffv1");
        assertRefused(huge, 2, "video: expected a video such as mp4, mov, webm or mkv: ");
    }

    @Test
    void shouldRefuseAVideoThatSaysThatItIsTooLongBeforeItsFirstFrame() {
        Path film = TestVideos.make(videos.resolve("endless.mkv"), "color=red:s=16x16:r=1:d=7202", "-pix_fmt", "yuv420p", "-c:v", "ffv1");

        assertRefused(film, 2, "video: must have at most 7200 frames");
        assertThat(MODEL.context().progress()).isEmpty();
    }

    @Test
    void shouldLeaveNoProcessAndServeTheNextWhenCanceled() throws Exception {
        Path film = TestVideos.make(videos.resolve("long.mkv"), "testsrc2=s=128x72:r=30:d=20", "-f", "lavfi", "-i", "sine=d=20", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le");
        MODEL.assertStopsAfter(200, input(film, 4, 0));

        org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty());
        assertThat(predict(TestVideos.make(videos.resolve("short.mp4"), "testsrc2=s=64x36:r=10:d=0.2", "-pix_fmt", "yuv420p"), 2, 0)).isNotEmptyFile();
    }

    private static void assertRefused(Path video, int scale, String message) {
        MODEL.assertRefused(input(video, scale, 0), message);
    }

    private static UpscaleInput input(Path video, int scale, double denoise) {
        return new UpscaleInput(null, video, scale, denoise, VideoQuality.HIGH);
    }

    private static Path predict(Path video, int scale, double denoise) throws Exception {
        return MODEL.predict(input(video, scale, denoise)).path();
    }
}
