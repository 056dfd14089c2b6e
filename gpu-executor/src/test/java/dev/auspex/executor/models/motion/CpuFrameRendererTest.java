package dev.auspex.executor.models.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.auspex.executor.models.render.Lanczos;
import dev.auspex.executor.video.TestPictures;
import dev.auspex.model.CanceledException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the frames. The picture is a smooth function, so every frame's pixels can be computed without any filter. */
class CpuFrameRendererTest {

    private static final int WIDTH = 480;
    private static final int HEIGHT = 270;

    @TempDir
    private static Path folder;

    private static Path smooth;

    private final CpuFrameRenderer renderer = new CpuFrameRenderer(2);

    @BeforeAll
    static void writePictures() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int grey = (int) Math.round(brightness(x + 0.5, y + 0.5));
                image.setRGB(x, y, grey << 16 | grey << 8 | grey);
            }
        }
        smooth = TestPictures.write(image, folder.resolve("smooth.png"));
    }

    @AfterEach
    void close() {
        renderer.close();
    }

    @Test
    void shouldShowTheFittedPictureWhenAZoomBegins() throws Exception {
        TestFilms.Ready film = TestFilms.ready(TestFilms.input(smooth, Motion.ZOOM_IN), renderer);

        byte[] frame = film.frame(renderer, 0);

        for (int y = 0; y < 90; y++) {
            for (int x = 0; x < 160; x++) {
                double expected = luma(brightness((x + 0.5) * 3, (y + 0.5) * 3));
                assertThat((double) (frame[y * 160 + x] & 0xff)).as("%d, %d", x, y).isCloseTo(expected, within(2.5));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Motion.class)
    void shouldShowWhatTheMeshPointsAtWhenTheCameraMoves(Motion motion) throws Exception {
        TestFilms.Ready film = TestFilms.ready(TestFilms.strong(TestFilms.input(smooth, motion), 1), renderer);
        WarpMesh mesh = film.mesh(13);
        double scale = (double) WIDTH / film.scene().picture().width();

        byte[] frame = film.frame(renderer, 13);

        for (int y = 8; y < 90; y += 8) {
            for (int x = 8; x < 160; x += 8) {
                // The mean of the four pixels around a node is the picture at the node.
                int at = y * 160 + x;
                double mean = ((frame[at] & 0xff) + (frame[at - 1] & 0xff) + (frame[at - 160] & 0xff) + (frame[at - 161] & 0xff)) / 4.0;
                int node = 2 * (y / 8 * mesh.columns() + x / 8);
                double expected = luma(brightness(mesh.nodes()[node] * scale, mesh.nodes()[node + 1] * scale));
                assertThat(mean).as("%d, %d", x, y).isCloseTo(expected, within(2.5));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Motion.class)
    void shouldMakeTheSameFrameWhenThreadsAreMore(Motion motion) throws Exception {
        TestFilms.Ready film = TestFilms.ready(TestFilms.placed(TestFilms.input(smooth, motion), Fit.CONTAIN, Focus.CENTER, Backdrop.BLUR), renderer);

        byte[] two = film.frame(renderer, 11);

        try (CpuFrameRenderer one = new CpuFrameRenderer(1); CpuFrameRenderer seven = new CpuFrameRenderer(7)) {
            assertThat(film.frame(one, 11)).isEqualTo(two);
            assertThat(film.frame(seven, 11)).isEqualTo(two);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZOOM_IN", "PAN_LEFT"})
    void shouldMakeTheSameFrameWhenGoingAxisByAxis(Motion motion) throws Exception {
        TestFilms.Ready film = TestFilms.ready(TestFilms.placed(TestFilms.input(smooth, motion), Fit.CONTAIN, Focus.LEFT, Backdrop.WHITE), renderer);
        WarpMesh mesh = film.mesh(5);
        byte[] straight = film.frame(renderer, 5);
        byte[] warped = new byte[straight.length];

        for (int plane = 0; plane < 3; plane++) {
            new WarpedRows(film.scene(), plane, mesh, Lanczos.forFootprint(mesh.footprint())).render(0, film.scene().frame().height(plane), warped);
        }

        assertThat(mesh.straight()).isTrue();
        for (int i = 0; i < straight.length; i++) {
            assertThat(Math.abs((straight[i] & 0xff) - (warped[i] & 0xff))).as("byte %d", i).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void shouldStopInsideAFrameWhenCanceled() throws Exception {
        TestFilms.Ready film = TestFilms.ready(TestFilms.input(smooth, Motion.ROTATE), renderer);
        renderer.load(film.scene());
        byte[] target = new byte[film.scene().frame().bytes()];

        assertThatThrownBy(() -> renderer.start(film.mesh(0), target, () -> {
            throw new CanceledException();
        })).isInstanceOf(CanceledException.class);

        assertThat(film.frame(renderer, 3)).hasSize(target.length);
    }

    @Test
    void shouldNotFlickerWhenZoomingOverFineDetail() throws Exception {
        BufferedImage checks = TestPictures.plain(640, 360, 0x404040);
        for (int y = 0; y < 360; y++) {
            for (int x = y % 2; x < 640; x += 2) {
                checks.setRGB(x, y, 0xc0c0c0);
            }
        }
        Path file = TestPictures.write(checks, folder.resolve("checks.png"));
        TestFilms.Ready film = TestFilms.ready(TestFilms.input(file, Motion.ZOOM_OUT), renderer);

        for (int frame = 0; frame < 20; frame++) {
            byte[] bytes = film.frame(renderer, frame);
            int least = 255;
            int most = 0;
            for (int i = 0; i < 160 * 90; i++) {
                least = Math.min(least, bytes[i] & 0xff);
                most = Math.max(most, bytes[i] & 0xff);
            }
            assertThat(most - least).as("frame %d", frame).isLessThan(6);
        }
    }

    @Test
    void shouldShowAllOfThePictureOnItsBackdropWhenContained() throws Exception {
        Path tall = TestPictures.write(TestPictures.plain(100, 300, 0xffffff), folder.resolve("tall.png"));
        TestFilms.Ready film = TestFilms.ready(TestFilms.placed(TestFilms.input(tall, Motion.ZOOM_IN), Fit.CONTAIN, Focus.CENTER, Backdrop.BLACK), renderer);

        byte[] frame = film.frame(renderer, 0);

        assertThat(frame[45 * 160 + 2] & 0xff).isEqualTo(16);
        assertThat(frame[45 * 160 + 80] & 0xff).isEqualTo(235);
        assertThat(frame[45 * 160 + 157] & 0xff).isEqualTo(16);
    }

    @ParameterizedTest
    @EnumSource(Motion.class)
    void shouldMakeAllFramesWhenThePictureIsOnePixelOrAThread(Motion motion) throws Exception {
        for (int[] sides : new int[][] {{1, 1}, {4, 200}, {200, 4}}) {
            Path file = TestPictures.write(TestPictures.plain(sides[0], sides[1], 0xffffff), folder.resolve("odd.png"));
            for (Fit fit : Fit.values()) {
                MotionInput input = TestFilms.placed(TestFilms.strong(TestFilms.input(file, motion), 1), fit, Focus.BOTTOM_RIGHT, Backdrop.WHITE);
                TestFilms.Ready film = TestFilms.ready(input, renderer);
                for (int frame : new int[] {0, 19}) {
                    assertThat(film.frame(renderer, frame)[45 * 160 + 80] & 0xff).isEqualTo(235);
                }
            }
        }
    }

    private static double brightness(double x, double y) {
        return 128 + 55 * Math.sin(x / 28) + 45 * Math.cos(y / 23 + x / 90);
    }

    private static double luma(double grey) {
        return 16 + grey * 219 / 255;
    }
}
