package dev.auspex.executor.models.scene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.executor.video.FrameSize;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cameras, chance, and what frames look like in numbers. */
class ShotTest {

    private static final FrameSize SMALL = new FrameSize(48, 28);

    @ParameterizedTest
    @EnumSource(Move.class)
    void shouldStayOutOfEverythingWhenTheCameraMoves(Move move) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (String prompt : TestScenes.PROMPTS) {
            int shotSeed = random.nextInt(Integer.MAX_VALUE);
            Shot shot = Shot.of(Reading.of(prompt), shotSeed, move, 8);
            for (int i = 0; i <= 64; i++) {
                float[] u = shot.frame(i, i / 8.0);
                Vec eye = Vec.at(u, SceneUniforms.EYE);
                assertThat(Bodies.body(u, eye.x(), eye.y(), eye.z())).as("%s, %s, seed %d, %.3f s", prompt, move, shotSeed, i / 8.0).isPositive();
                Vec forward = Vec.at(u, SceneUniforms.FORWARD);
                assertThat(Vec.dot(forward, forward)).isBetween(0.999f, 1.001f);
                assertThat(Math.abs(Vec.dot(forward, Vec.at(u, SceneUniforms.UP)))).isLessThan(0.001f);
            }
        }
    }

    @Test
    void shouldBeTheSameForTheSameSeedAndAnotherForAnother() {
        Reading reading = Reading.of("forest");

        assertThat(Shot.of(reading, 5, Move.AUTO, 4).frame(3, 0.5)).isEqualTo(Shot.of(reading, 5, Move.AUTO, 4).frame(3, 0.5));
        assertThat(Shot.of(reading, 6, Move.AUTO, 4).frame(3, 0.5)).isNotEqualTo(Shot.of(reading, 5, Move.AUTO, 4).frame(3, 0.5));
    }

    @Test
    void shouldHaveLightAndShadeAndMoveWhenRendered() throws Exception {
        try (SceneRenderer renderer = new CpuSceneRenderer(2)) {
            for (String prompt : TestScenes.PROMPTS) {
                byte[] frame = TestScenes.frame(renderer, prompt, Move.AUTO, 0, SMALL);
                byte[] later = TestScenes.frame(renderer, prompt, Move.AUTO, 2, SMALL);

                assertThat(deviation(frame)).as(prompt).isGreaterThan(8);
                assertThat(brightness(frame)).as(prompt).isBetween(20.0, 215.0);
                assertThat(Arrays.mismatch(frame, later)).as(prompt).isNotNegative();
            }
        }
    }

    @Test
    void shouldBeDarkerWhenItIsNight() throws Exception {
        try (SceneRenderer renderer = new CpuSceneRenderer(2)) {
            byte[] day = TestScenes.frame(renderer, "a city at noon", Move.AUTO, 0, SMALL);
            byte[] night = TestScenes.frame(renderer, "a city at night", Move.AUTO, 0, SMALL);

            assertThat(brightness(night)).isLessThan(brightness(day) - 40);
        }
    }

    private static double brightness(byte[] frame) {
        double sum = 0;
        for (int i = 0; i < SMALL.width() * SMALL.height(); i++) {
            sum += frame[i] & 255;
        }
        return sum / (SMALL.width() * SMALL.height());
    }

    private static double deviation(byte[] frame) {
        double mean = brightness(frame);
        double sum = 0;
        for (int i = 0; i < SMALL.width() * SMALL.height(); i++) {
            sum += ((frame[i] & 255) - mean) * ((frame[i] & 255) - mean);
        }
        return Math.sqrt(sum / (SMALL.width() * SMALL.height()));
    }
}
