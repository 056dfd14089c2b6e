package dev.auspex.executor.models.upscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.auspex.executor.models.ModelOnCpu;
import dev.auspex.executor.video.TestFfmpeg;
import dev.auspex.executor.video.VideoQuality;
import dev.auspex.model.OutputFile;
import dev.auspex.model.Predictor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of a video's rate and sound. In the films a white picture and a tone begin at the same moment, so that each
 * result shows whether they still do.
 */
class UpscaleSoundTest {

    private static final double RATE = 30_000 / 1001.0;
    private static final double FRAME = 1 / RATE;
    private static final String FLASH = "nullsrc=s=32x18:r=30000/1001:d=2.002,geq=lum='if(gte(T,1),235,16)':cb=128:cr=128";
    private static final String TONE = "aevalsrc='if(gte(t,1),0.7*sin(2*PI*440*t),0)':s=44100:d=2.002";

    @RegisterExtension
    static final ModelOnCpu<UpscaleInput> MODEL = new ModelOnCpu<>(new UpscaleModel());

    @TempDir
    private static Path videos;

    @ParameterizedTest
    @CsvSource({"mp4, aac, aac copied, aac", "mkv, libvorbis, vorbis to AAC, aac", "webm, libopus, opus copied, opus", "avi, pcm_s16le, pcm_s16le to AAC, aac", "ts, aac, aac copied, aac"})
    void shouldKeepRateLengthAndSoundWhenTheRateIsAFraction(String ending, String codec, String plan, String kept) throws Exception {
        Path film = TestVideos.make(videos.resolve("tone." + ending), FLASH, "-f", "lavfi", "-i", TONE, "-pix_fmt", "yuv420p", "-c:a", codec);

        Path made = enlarge(film);

        assertThat(TestVideos.rate(made)).isEqualTo("30000:1001");
        assertThat(whiteFrom(made)).as("the picture").isCloseTo(1, within(2 * FRAME));
        assertInStep(made);
        assertThat(TestVideos.sound(made).seconds()).as("sound").isCloseTo(frames(made) * FRAME, within(2 * FRAME));
        assertThat(frames(made)).isEqualTo(frames(film)).isBetween(60, 62);
        assertThat(TestFfmpeg.decode(made)).contains("Audio: " + kept);
        assertThat(MODEL.context().lines()).anySatisfy(line -> assertThat(line).contains("30000/1001 frames per second").endsWith("sound: " + plan));
        assertThat(MODEL.folder()).as("only the video is left").isDirectoryContaining(made::equals).isDirectoryNotContaining(file -> !file.equals(made));
    }

    @Test
    void shouldKeepEveryStreamOfSoundWhenThereAreTwo() throws Exception {
        Path film = TestVideos.make(videos.resolve("two.mkv"), FLASH, "-f", "lavfi", "-i", TONE, "-map", "0", "-map", "1", "-map", "1", "-pix_fmt", "yuv420p", "-c:a:0", "libvorbis", "-c:a:1", "aac");

        assertThat(TestFfmpeg.decode(enlarge(film)).split("Stream #0:\\d.*Audio: aac", -1)).hasSize(3);
    }

    /** What ffmpeg says of a file differs a little between versions; the one that comes along is a newer one than most machines have. */
    @Test
    void shouldKeepRateAndSoundWhenOnlyTheEmbeddedFfmpegIsThere(@TempDir Path folder) throws Exception {
        Path film = TestVideos.make(videos.resolve("embedded.mkv"), FLASH, "-f", "lavfi", "-i", TONE, "-pix_fmt", "yuv420p", "-c:a", "libvorbis");

        try (Predictor<UpscaleInput> embedded = new UpscaleModel().setup(ModelOnCpu.environment(TestFfmpeg.embedded(folder)))) {
            OutputFile made = (OutputFile) embedded.predict(input(film), MODEL.context());

            assertThat(TestVideos.rate(Objects.requireNonNull(made).path())).isEqualTo("30000:1001");
            assertInStep(made.path());
        }
    }

    /** Either begins half a second late; the flash and the tone stand at 1 s of the film. */
    @ParameterizedTest
    @CsvSource({"0.5, 0", "0, 0.5"})
    void shouldStayInStepWhenSoundAndPictureDoNotBeginTogether(String picture, String sound) throws Exception {
        String[] pictures = {"-itsoffset", picture, "-f", "lavfi", "-i", FLASH.replace("gte(T,1)", "gte(T," + (1 - Double.parseDouble(picture)) + ")")};
        String[] sounds = {"-itsoffset", sound, "-f", "lavfi", "-i", TONE.replace("gte(t,1)", "gte(t," + (1 - Double.parseDouble(sound)) + ")")};
        Path film = TestVideos.make(videos.resolve("offset" + sound + ".mkv"), pictures, sounds, "-pix_fmt", "yuv420p", "-c:v", "ffv1");

        Path made = enlarge(film);

        assertThat(whiteFrom(made)).isCloseTo(1, within(2 * FRAME));
        assertInStep(made);
    }

    @Test
    void shouldShowEachPictureWhenItWasWhenTheRateChanges() throws Exception {
        // Every picture for a second, then every third.
        Path film = TestVideos.make(videos.resolve("changing.mkv"), FLASH + ",select='lt(t,1)+not(mod(n,3))'", "-f", "lavfi", "-i", TONE, "-pix_fmt", "yuv420p");

        Path made = enlarge(film);

        assertThat(frames(made) * FRAME).isCloseTo(2.002, within(3 * FRAME));
        assertInStep(made);
    }

    @Test
    void shouldCutSoundThatGoesOnWhenThePicturesHaveEnded() throws Exception {
        Path film = TestVideos.make(videos.resolve("short.mp4"), FLASH, "-f", "lavfi", "-i", TONE.replace("d=2.002", "d=9"), "-pix_fmt", "yuv420p");

        assertThat(TestVideos.sound(enlarge(film)).seconds()).isCloseTo(2.002, within(2 * FRAME));
    }

    @Test
    void shouldHaveNoSoundWhenThereWasNone() throws Exception {
        Path made = enlarge(TestVideos.make(videos.resolve("silent.mp4"), FLASH, "-pix_fmt", "yuv420p"));

        assertThat(TestFfmpeg.decode(made)).doesNotContain("Audio:");
        assertThat(frames(made)).isEqualTo(60);
        assertThat(MODEL.context().lines()).anySatisfy(line -> assertThat(line).endsWith("sound: none"));
    }

    @Test
    void shouldComeWithoutSoundAndSaySoWhenTheSoundIsDamaged() throws Exception {
        Path film = TestVideos.make(videos.resolve("whole.mkv"), FLASH, "-f", "lavfi", "-i", TONE, "-pix_fmt", "yuv420p", "-c:a", "libvorbis");
        String bytes = Files.readString(film, StandardCharsets.ISO_8859_1);
        Path damaged = Files.writeString(videos.resolve("damaged.mkv"), bytes.replace("vorbis", "xxxxxx"), StandardCharsets.ISO_8859_1);

        Path made = enlarge(damaged);

        assertThat(TestFfmpeg.decode(made)).doesNotContain("Audio:");
        assertThat(frames(made)).isEqualTo(frames(film));
        assertThat(MODEL.context().lines()).anySatisfy(line -> assertThat(line).startsWith("the video is without its sound, which could not be used: "));
        assertThat(MODEL.folder()).isDirectoryNotContaining(file -> !file.equals(made));
    }

    private static Path enlarge(Path film) throws Exception {
        return MODEL.predict(input(film)).path();
    }

    private static UpscaleInput input(Path film) {
        return new UpscaleInput(null, film, 1, 0, VideoQuality.DRAFT);
    }

    private static void assertInStep(Path made) throws Exception {
        assertThat(TestVideos.sound(made).begin()).as("the tone begins").isCloseTo(whiteFrom(made), within(2 * FRAME));
    }

    private static int frames(Path video) throws Exception {
        return TestVideos.brightness(video, 32, 18).length;
    }

    /** When the first white picture is shown, in seconds. */
    private static double whiteFrom(Path video) throws Exception {
        int[] brightness = TestVideos.brightness(video, 32, 18);
        for (int i = 0; i < brightness.length; i++) {
            if (brightness[i] > 128) {
                return i * FRAME;
            }
        }
        throw new AssertionError("no white picture");
    }
}
