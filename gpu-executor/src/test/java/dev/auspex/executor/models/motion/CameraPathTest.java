package dev.auspex.executor.models.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.Picture;
import dev.auspex.executor.video.Plane;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the camera goes: the right way, steadily, and never past the picture's edge. */
class CameraPathTest {

    private static final FrameSize WIDE = new FrameSize(320, 180);

    static Stream<Arguments> everything() {
        return Stream.of(Motion.values()).flatMap(motion -> Stream.of(new int[][] {{1600, 1200}, {320, 180}, {50, 2500}, {2500, 50}, {1, 1}})
                .flatMap(sides -> Stream.of(0.5, 1.0).map(strength -> Arguments.of(motion, sides[0], sides[1], strength))));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void shouldNeverLookPastTheEdgeWhenThePictureCoversTheFrame(Motion motion, int width, int height, double strength) {
        Framing framing = new Framing(width, height, WIDE, Fit.COVER, Focus.TOP_LEFT);
        CameraPath path = new CameraPath(framing, motion, strength, 5);
        DepthMap depth = DepthMap.of(noise(Math.min(width, 200), Math.min(height, 200)), false);
        WarpMesh mesh = new WarpMesh(WIDE);
        double slack = 1e-3 * Math.max(width, height) + 0.01;

        double outside = 0;
        for (int step = 0; step <= 4; step++) {
            mesh.fill(path.at(step / 4.0), framing, depth);
            for (int row = 0; row * WarpMesh.CELL <= WIDE.height(); row++) {
                for (int column = 0; column * WarpMesh.CELL <= WIDE.width(); column++) {
                    int at = 2 * (row * mesh.columns() + column);
                    outside = Math.max(outside, Math.max(-mesh.nodes()[at], mesh.nodes()[at] - width));
                    outside = Math.max(outside, Math.max(-mesh.nodes()[at + 1], mesh.nodes()[at + 1] - height));
                }
            }
        }
        assertThat(outside).isLessThan(slack);
    }

    @ParameterizedTest
    @EnumSource(Motion.class)
    void shouldAlwaysMoveOnWhenTheMoveGoesOn(Motion motion) {
        CameraPath path = new CameraPath(new Framing(1600, 1200, WIDE, Fit.COVER, Focus.CENTER), motion, 0.5, 5);
        DoubleUnaryOperator progress = switch (motion) {
            case ZOOM_IN, DOLLY -> at -> path.at(at).zoom();
            case ZOOM_OUT -> at -> -path.at(at).zoom();
            case PAN_LEFT -> at -> -path.at(at).x();
            case PAN_RIGHT -> at -> path.at(at).x();
            case PAN_UP -> at -> -path.at(at).y();
            case PAN_DOWN -> at -> path.at(at).y();
            case ROTATE -> at -> path.at(at).tilt().roll();
            case PARALLAX -> at -> -path.at(at).relief().shift();
            case ORBIT -> at -> path.at(at).tilt().yaw();
        };

        for (int step = 1; step <= 100; step++) {
            assertThat(progress.applyAsDouble(step / 100.0)).isGreaterThan(progress.applyAsDouble((step - 1) / 100.0));
        }
    }

    @ParameterizedTest
    @EnumSource(Motion.class)
    void shouldStandStillWhenTheStrengthIsZero(Motion motion) {
        CameraPath path = new CameraPath(new Framing(320, 180, WIDE, Fit.COVER, Focus.CENTER), motion, 0, 5);

        assertThat(new Camera[] {path.at(0), path.at(0.3), path.at(1)}).allSatisfy(camera -> {
            assertThat(camera.tilt().isStraight()).isTrue();
            assertThat(camera.relief().isFlat()).isTrue();
            assertThat(Camera.flat(camera.x(), camera.y(), camera.zoom())).isEqualTo(Camera.flat(160, 90, 1));
        });
    }

    @Test
    void shouldKeepTheFocusInPlaceWhenZoomingToIt() {
        Framing framing = new Framing(320, 180, WIDE, Fit.COVER, Focus.TOP_LEFT);
        Camera end = new CameraPath(framing, Motion.ZOOM_IN, 1, 5).at(1);

        assertThat(end.zoom()).isCloseTo(1.6, within(1e-9));
        assertThat(end.x()).isCloseTo(100, within(1e-9));
        assertThat(end.y()).isCloseTo(56.25, within(1e-9));
    }

    @Test
    void shouldCrossAPanoramaWithoutZoomingWhenItHasRoom() {
        Framing framing = new Framing(960, 180, WIDE, Fit.COVER, Focus.CENTER);
        CameraPath path = new CameraPath(framing, Motion.PAN_RIGHT, 1, 10);

        assertThat(path.at(0)).isEqualTo(Camera.flat(160, 90, 1));
        assertThat(path.at(1)).isEqualTo(Camera.flat(800, 90, 1));
    }

    @Test
    void shouldStayBelowTopSpeedWhenAPanoramaIsEndless() {
        Framing framing = new Framing(100_000, 180, WIDE, Fit.COVER, Focus.CENTER);
        CameraPath path = new CameraPath(framing, Motion.PAN_RIGHT, 1, 4);

        assertThat(path.at(1).x() - path.at(0).x()).isCloseTo(2 * 320, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(Easing.class)
    void shouldGoFromStartToEndWithoutTurningBackWhenEased(Easing easing) {
        assertThat(easing.at(0)).isCloseTo(0, within(1e-12));
        assertThat(easing.at(1)).isCloseTo(1, within(1e-12));
        for (int step = 1; step <= 50; step++) {
            assertThat(easing.at(step / 50.0)).isGreaterThan(easing.at((step - 1) / 50.0));
        }
    }

    @Test
    void shouldComeBackToTheStartWhenLooped() {
        MotionInput input = TestFilms.looped(TestFilms.input(java.nio.file.Path.of("unused"), Motion.ZOOM_IN));
        Framing framing = new Framing(320, 180, WIDE, Fit.COVER, Focus.CENTER);
        Film film = new Film(input, framing, new CameraPath(framing, Motion.ZOOM_IN, 0.5, 2), null);

        assertThat(film.camera(0).zoom()).isEqualTo(1);
        assertThat(film.camera(10).zoom()).isCloseTo(1.3, within(1e-9));
        assertThat(film.camera(19).zoom()).isCloseTo(film.camera(1).zoom(), within(1e-9));
    }

    private static Picture noise(int width, int height) {
        Random random = new Random(3);
        float[] luma = new float[width * height];
        for (int i = 0; i < luma.length; i++) {
            luma[i] = 16 + 219 * random.nextFloat() * (i % width) / width;
        }
        int halfWidth = (width + 1) / 2;
        int halfHeight = (height + 1) / 2;
        float[] colour = new float[halfWidth * halfHeight];
        return new Picture(Plane.of(luma, width, height), Plane.of(colour, halfWidth, halfHeight), Plane.of(colour, halfWidth, halfHeight));
    }
}
