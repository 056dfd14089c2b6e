package dev.auspex.executor.models.upscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.auspex.executor.video.Plane;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the filters do to pictures whose right answer is known. */
class CpuEnlargerTest {

    private static final int SIDE = 48;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldFollowTheOriginalWhenItIsSmooth(int scale) throws Exception {
        DoubleBinaryOperator smooth = (x, y) -> 128 + 60 * Math.sin(x / 4) + 40 * Math.cos(y / 5);
        byte[] large = enlarge(plane(smooth), scale, 0, false);

        for (int y = 4 * scale; y < (SIDE - 4) * scale; y++) {
            for (int x = 4 * scale; x < (SIDE - 4) * scale; x++) {
                double expected = smooth.applyAsDouble((x + 0.5) / scale, (y + 0.5) / scale);
                assertThat((double) (large[y * SIDE * scale + x] & 255)).as("%d, %d", x, y).isCloseTo(expected, within(2.0));
            }
        }
    }

    @Test
    void shouldGiveTheSameSamplesWhenNothingIsAskedFor() throws Exception {
        Random random = new Random(5);
        Plane noise = plane((x, y) -> random.nextInt(256));

        byte[] same = enlarge(noise, 1, 0, false);

        for (int i = 0; i < same.length; i++) {
            assertThat(same[i] & 255).isEqualTo((int) noise.samples()[noise.index(i % SIDE, i / SIDE)]);
        }
    }

    /** A colour sample of a video lies where the left one of two brightness samples lies, before and after. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void shouldKeepColourInItsPlaceWhenItIsAVideos(int scale) throws Exception {
        // A ramp along the brightness samples: colour sample c is at brightness 2c + 0.5 in both videos.
        byte[] large = enlarge(plane((x, y) -> 2 * (2 * (x - 0.5) + 0.5)), scale, 0, true);

        for (int c = 4 * scale; c < (SIDE - 4) * scale; c++) {
            double brightness = (2 * c + 0.5) / scale;
            assertThat((double) (large[SIDE * scale * SIDE + c] & 255)).isCloseTo(2 * brightness, within(0.6));
        }
    }

    @Test
    void shouldLoseMostNoiseAndKeepEdgesWhenDenoised() throws Exception {
        Random random = new Random(11);
        DoubleBinaryOperator clean = (x, y) -> x + y / 3 < 30 ? 60 : 190;
        byte[] made = enlarge(plane((x, y) -> clean.applyAsDouble(x, y) + 12 * random.nextGaussian()), 1, 0.4, false);

        double error = 0;
        for (int i = 0; i < made.length; i++) {
            double wanted = clean.applyAsDouble(i % SIDE + 0.5, i / SIDE + 0.5);
            error += ((made[i] & 255) - wanted) * ((made[i] & 255) - wanted);
        }
        assertThat(Math.sqrt(error / made.length)).as("what is left of a deviation of 12").isLessThan(4);
    }

    private static Plane plane(DoubleBinaryOperator value) {
        float[] values = new float[SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.applyAsDouble(i % SIDE + 0.5, i / SIDE + 0.5);
        }
        return Plane.of(values, SIDE, SIDE);
    }

    private static byte[] enlarge(Plane plane, int scale, double denoise, boolean leftSited) throws Exception {
        int width = plane.width() * scale;
        int height = plane.height() * scale;
        byte[] target = new byte[width * height];
        List<Original.Group> groups = denoise > 0 ? List.of(new Original.Group(plane, List.of(0))) : List.of();
        try (Enlarger enlarger = new CpuEnlarger(2)) {
            enlarger.begin(target.length);
            enlarger.load(new Original(List.of(plane), groups), new Enlargement(scale, denoise), () -> {});
            enlarger.start(List.of(new Band(0, new Band.Rows(0, height), new Band.Layout(0, 1, width), leftSited)), target, () -> {});
            enlarger.finish();
        }
        return target;
    }
}
