package dev.auspex.executor.models.scene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.executor.models.ModelOnCpu;
import dev.auspex.executor.video.TestFfmpeg;
import dev.auspex.executor.video.VideoQuality;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole model with a real ffmpeg: what comes out, what is refused, and what is left behind. */
class SceneVideoModelTest {

    @RegisterExtension
    static final ModelOnCpu<SceneInput> MODEL = new ModelOnCpu<>(new SceneVideoModel());

    @Test
    void shouldBeFoundWhenModelsAreLoaded() {
        MODEL.assertFound("scene-video");
    }

    @Test
    void shouldHaveTheAskedSizeAndLengthAndSayWhatItShowsWhenDone() throws Exception {
        Path video = predict(TestScenes.input("a quiet planet with moons"));

        assertThat(TestFfmpeg.decode(video)).contains("Video: h264 (High)").contains("yuv420p(tv, bt709").contains(", 96x54");
        assertThat(TestFfmpeg.frames(video)).hasSize(10 * 96 * 54 * 3 / 2);
        assertThat(MODEL.context().lines()).contains("scene: planets, day (planet, moons)", "seed: 7");
        assertThat(MODEL.context().metrics()).containsEntry("seed", 7).containsEntry("frames", 10);
    }

    @Test
    void shouldGiveTheSameFileWhenTheSeedIsTheSameAndAnotherWhenNot() throws Exception {
        byte[] first = Files.readAllBytes(predict(seeded(3)));

        assertThat(predict(seeded(3))).hasBinaryContent(first);
        assertThat(Files.readAllBytes(predict(seeded(4)))).isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "161 | 90 | 24 | 1 | width: must be even for H.264 video, is 161; try 162",
        "0 | 90 | 24 | 1 | width: must be 16 to 4096, is 0",
        "160 | -2 | 24 | 1 | height: must be 16 to 4096, is -2",
        "160 | 100000 | 24 | 1 | height: must be 16 to 4096, is 100000",
        "160 | 90 | 0 | 1 | fps: must be 1 to 120, is 0",
        "160 | 90 | 24 | 41667 | seconds: must be 0.1 to 60, is 41667",
        "160 | 90 | 24 | NaN | seconds: must be 0.1 to 60, is NaN"
    })
    void shouldNameTheFieldWhenAnInputIsAbsurd(int width, int height, int fps, double seconds, String message) {
        MODEL.assertRefused(TestScenes.sized(width, height, fps, seconds), message);
    }

    @Test
    void shouldNameTheFieldWhenSamplesSeedOrPromptAreAbsurd() {
        MODEL.assertRefused(new SceneInput("sea", 1, 64, 64, 1, 1, Move.AUTO, 100, VideoQuality.DRAFT), "samples: must be 1 to 3, is 100");
        MODEL.assertRefused(new SceneInput("sea", -1, 64, 64, 1, 1, Move.AUTO, 1, VideoQuality.DRAFT), "seed: must be 0 to 2147483647, is -1");
        MODEL.assertRefused(new SceneInput("sea ".repeat(1000), 1, 64, 64, 1, 1, Move.AUTO, 1, VideoQuality.DRAFT), "prompt: must have at most 2000 characters, has 4000");
    }

    @Test
    void shouldStopSoonAndServeTheNextWhenCanceled() throws Exception {
        MODEL.assertStopsAfter(20, TestScenes.sized(320, 180, 24, 60));

        assertThat(predict(seeded(1))).isNotEmptyFile();
    }

    private static Path predict(SceneInput input) throws Exception {
        return MODEL.predict(input).path();
    }

    private static SceneInput seeded(int seed) {
        return new SceneInput("planets", seed, 32, 18, 4, 0.5, Move.AUTO, 1, VideoQuality.DRAFT);
    }
}
