package dev.auspex.executor.models.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.executor.models.ModelOnCpu;
import dev.auspex.executor.video.TestFfmpeg;
import dev.auspex.executor.video.TestPictures;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.model.Predictor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole model with a real ffmpeg: what comes out, what is refused, and what is left behind. */
class MotionVideoModelTest {

    @RegisterExtension
    static final ModelOnCpu<MotionInput> MODEL = new ModelOnCpu<>(new MotionVideoModel());

    @TempDir
    private static Path pictures;

    private static Path photo;

    @BeforeAll
    static void setUp() throws Exception {
        photo = TestPictures.write(TestPictures.landscape(400, 300), pictures.resolve("photo.jpg"));
    }

    @Test
    void shouldBeFoundWhenModelsAreLoaded() {
        MODEL.assertFound("motion-video");
    }

    @ParameterizedTest
    @CsvSource({"160, 90, 24, 1.0, 24", "98, 338, 25, 0.5, 13", "64, 64, 120, 0.1, 12", "320, 180, 1, 3, 3", "16, 16, 10, 0.14, 1"})
    void shouldHaveTheAskedSizeLengthAndFormatWhenDone(int width, int height, int fps, double seconds, int frames) throws Exception {
        Path video = predict(TestFilms.timed(TestFilms.sized(TestFilms.input(photo, Motion.ZOOM_IN), width, height), fps, seconds));

        String report = TestFfmpeg.decode(video);
        assertThat(report).contains("Video: h264 (High)").contains("yuv420p(tv, bt709").contains(", " + width + "x" + height);
        assertThat(TestFfmpeg.frames(video)).hasSize(frames * width * height * 3 / 2);
        assertThat(duration(report)).isCloseTo(Duration.ofNanos(frames * 1_000_000_000L / fps), Duration.ofMillis(6));
        assertThat(MODEL.context().metrics()).containsEntry("frames", frames).containsKey("frames_per_second");
    }

    @Test
    void shouldPutTheIndexFirstWhenDoneSoThatPlayersCanStartAtOnce() throws Exception {
        byte[] file = Files.readAllBytes(predict(TestFilms.input(photo, Motion.PAN_LEFT)));

        String text = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(text.indexOf("moov")).isPositive().isLessThan(text.indexOf("mdat"));
    }

    @ParameterizedTest
    @EnumSource(Motion.class)
    void shouldMoveWhenPlayed(Motion motion) throws Exception {
        byte[] frames = TestFfmpeg.frames(predict(TestFilms.input(photo, motion)));

        int frame = 160 * 90 * 3 / 2;
        assertThat(distance(frames, 0, 19 * frame)).isGreaterThan(2);
        assertThat(distance(frames, 0, frame)).isLessThan(distance(frames, 0, 19 * frame));
    }

    @Test
    void shouldGiveTheSameFileWhenAskedAgain() throws Exception {
        byte[] first = Files.readAllBytes(predict(TestFilms.input(photo, Motion.ORBIT)));

        assertThat(predict(TestFilms.input(photo, Motion.ORBIT))).hasBinaryContent(first);
    }

    @Test
    void shouldSayWhatItDoesWhenItRuns() throws Exception {
        predict(TestFilms.input(photo, Motion.PAN_UP));

        assertThat(MODEL.context().lines())
                .contains("picture: JPEG, 400 x 300")
                .anySatisfy(line -> assertThat(line).startsWith("video: pan-up, 160 x 90, 20 frames at 10 per second"))
                .anySatisfy(line -> assertThat(line).startsWith("frames are made on: cpu"));
        assertThat(MODEL.context().progress()).isSorted().allSatisfy(fraction -> assertThat(fraction).isBetween(0.0, 1.0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "161 | 90 | 24 | 1 | .5 | width: must be even for H.264 video, is 161; try 162",
        "160 | 91 | 24 | 1 | .5 | height: must be even for H.264 video, is 91; try 92",
        "0 | 90 | 24 | 1 | .5 | width: must be 16 to 4096, is 0",
        "160 | 100000 | 24 | 1 | .5 | height: must be 16 to 4096, is 100000",
        "160 | 90 | 0 | 1 | .5 | fps: must be 1 to 120, is 0",
        "160 | 90 | 24 | 0 | .5 | seconds: must be 0.1 to 60, is 0",
        "160 | 90 | 24 | NaN | .5 | seconds: must be 0.1 to 60, is NaN",
        "160 | 90 | 24 | 1 | Infinity | strength: must be 0 to 1, is Infinity",
        "160 | 90 | 24 | 1 | -0.1 | strength: must be 0 to 1, is -0.1"
    })
    void shouldNameTheFieldWhenAnInputIsAbsurd(int width, int height, int fps, double seconds, double strength, String message) {
        MotionInput input = TestFilms.strong(TestFilms.timed(TestFilms.sized(TestFilms.input(photo, Motion.ZOOM_IN), width, height), fps, seconds), strength);

        MODEL.assertRefused(input, message);
    }

    @Test
    void shouldNameTheImageWhenItIsNoPicture() throws Exception {
        Path text = Files.writeString(pictures.resolve("page.png"), "<html>not found</html>");

        MODEL.assertRefused(TestFilms.input(text, Motion.ZOOM_IN), "image: expected a PNG, JPEG or WebP picture, found a text");
        MODEL.assertRefused(TestFilms.input(pictures.resolve("absent.png"), Motion.ZOOM_IN), "image: the file could not be read");
    }

    @Test
    void shouldLeaveNoProcessAndNoFileWhenCanceledHalfWay() throws Exception {
        MODEL.assertStopsAfter(60, TestFilms.timed(TestFilms.input(photo, Motion.PARALLAX), 120, 60));

        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void shouldServeTheNextWhenOneWasCanceled() throws Exception {
        MODEL.assertStopsAfter(20, TestFilms.timed(TestFilms.input(photo, Motion.ROTATE), 120, 5));

        assertThat(TestFfmpeg.frames(predict(TestFilms.input(photo, Motion.ROTATE)))).hasSize(20 * 160 * 90 * 3 / 2);
    }

    @Test
    void shouldSayWhyWhenTheEncoderFails() throws Exception {
        Path broken = script("""
                #!/bin/sh
                case "$*" in *-encoders*) echo ' V....D libx264 H.264'; exit 0;; esac
                echo 'No space left on device' >&2
                exit 28
                """);
        try (Predictor<MotionInput> failing = new MotionVideoModel().setup(ModelOnCpu.environment(broken))) {
            assertThatThrownBy(() -> failing.predict(TestFilms.timed(TestFilms.input(photo, Motion.ZOOM_IN), 30, 10), MODEL.context()))
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith("the video could not be encoded: ")
                    .hasMessageContaining("No space left on device");
        }
        assertThat(MODEL.folder().resolve("video.mp4")).doesNotExist();
    }

    @Test
    void shouldNotSetUpWhenFfmpegCannotEncode() throws Exception {
        Path poor = script("#!/bin/sh\necho ' V....D mpeg4 MPEG-4'\n");

        assertThatThrownBy(() -> new MotionVideoModel().setup(ModelOnCpu.environment(poor)))
                .hasMessageEndingWith("has neither libx264 nor libopenh264");
    }

    private static Path predict(MotionInput input) throws Exception {
        OutputFile output = MODEL.predict(input);
        assertThat(output.contentType()).isEqualTo("video/mp4");
        return output.path();
    }

    private Path script(String text) throws Exception {
        Path script = pictures.resolve("ffmpeg-" + System.nanoTime());
        Files.writeString(script, text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private static Duration duration(String report) {
        var found = java.util.regex.Pattern.compile("Duration: (\\d+):(\\d+):(\\d+)\\.(\\d\\d)").matcher(report);
        assertThat(found.find()).isTrue();
        return Duration.ofHours(Long.parseLong(found.group(1))).plusMinutes(Long.parseLong(found.group(2))).plusSeconds(Long.parseLong(found.group(3))).plusMillis(10 * Long.parseLong(found.group(4)));
    }

    /** Mean difference of two frames' brightness. */
    private static double distance(byte[] frames, int one, int other) {
        long sum = 0;
        for (int i = 0; i < 160 * 90; i++) {
            sum += Math.abs((frames[one + i] & 0xff) - (frames[other + i] & 0xff));
        }
        return sum / (160.0 * 90);
    }
}
