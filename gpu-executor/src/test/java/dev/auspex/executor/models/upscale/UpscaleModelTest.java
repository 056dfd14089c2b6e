package dev.auspex.executor.models.upscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.executor.models.ModelOnCpu;
import dev.auspex.executor.video.HeapBudget;
import dev.auspex.executor.video.TestPictures;
import dev.auspex.executor.video.VideoQuality;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole model on pictures: what comes out and what is refused. */
class UpscaleModelTest {

    @RegisterExtension
    static final ModelOnCpu<UpscaleInput> MODEL = new ModelOnCpu<>(new UpscaleModel());

    @TempDir
    private static Path pictures;

    private static Path photo;

    @BeforeAll
    static void setUp() throws Exception {
        photo = TestPictures.write(TestPictures.landscape(150, 101), pictures.resolve("photo.jpg"));
    }

    @Test
    void shouldBeFoundWhenModelsAreLoaded() {
        MODEL.assertFound("upscale");
    }

    @ParameterizedTest
    @CsvSource({"1, 0.3", "2, 0", "3, 0", "4, 0.2"})
    void shouldBeThatMuchLargerAndLookAlikeWhenDone(int scale, double denoise) throws Exception {
        BufferedImage large = predict(photo, scale, denoise);

        BufferedImage original = ImageIO.read(photo.toFile());
        assertThat(large.getWidth()).isEqualTo(150 * scale);
        assertThat(large.getHeight()).isEqualTo(101 * scale);
        assertThat(large.getColorModel().hasAlpha()).isFalse();
        // The mean of the pixels that came from one is close to it.
        for (int y = 20; y < 60; y += 7) {
            for (int x = 10; x < 140; x += 9) {
                assertThat(green(large, x * scale, y * scale, scale)).as("%d, %d", x, y).isBetween(green(original, x, y, 1) - 24, green(original, x, y, 1) + 24);
            }
        }
        assertThat(MODEL.context().progress()).isSorted().endsWith(1.0);
    }

    @Test
    void shouldKeepTransparencyAndBringNoForeignColourInWhenThePictureHasIt() throws Exception {
        BufferedImage sign = new BufferedImage(40, 40, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 40; x++) {
                sign.setRGB(x, y, (x - 20) * (x - 20) + (y - 20) * (y - 20) < 150 ? 0xffe02010 : 0x0000ff00);
            }
        }
        BufferedImage large = predict(TestPictures.write(sign, pictures.resolve("sign.png")), 4, 0);

        assertThat(large.getRGB(80, 80)).isEqualTo(0xffe02010);
        assertThat(large.getRGB(2, 2) >>> 24).isZero();
        for (int i = 0; i < 160 * 160; i++) {
            int argb = large.getRGB(i % 160, i / 160);
            if (argb >>> 24 > 8) {
                assertThat(argb >> 8 & 255).as("green at %d, %d", i % 160, i / 160).isLessThan(0x60);
            }
        }
    }

    @Test
    void shouldGiveTheSameFileWhenAskedAgain() throws Exception {
        byte[] first = Files.readAllBytes(file(photo, 2, 0.1));

        assertThat(file(photo, 2, 0.1)).hasBinaryContent(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 | 0 | scale: must be 1 to 4, is 0",
        "-2 | 0 | scale: must be 1 to 4, is -2",
        "100000 | 0 | scale: must be 1 to 4, is 100000",
        "2 | NaN | denoise: must be 0 to 1, is NaN",
        "2 | 1.5 | denoise: must be 0 to 1, is 1.5"
    })
    void shouldNameTheFieldWhenAnInputIsAbsurd(int scale, double denoise, String message) {
        assertRefused(photo, scale, denoise, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "100000 | 100000 | 2 | image: must have at most 24 megapixels, is 100000 x 100000",
        "2147483647 | 1 | 2 | image: must have at most 24 megapixels, is 2147483647 x 1",
        "5000 | 4000 | 4 | scale: the result must have at most 128 megapixels and sides of at most 32767, is 5000 x 4000 times 4",
        "20000 | 10 | 2 | scale: the result must have at most 128 megapixels and sides of at most 32767, is 20000 x 10 times 2",
        "0 | 10 | 2 | image: broken PNG: a side is 0 pixels long"
    })
    void shouldRefuseBeforeDecodingWhenAFewBytesAnnounceAHugePicture(int width, int height, int scale, String message) throws Exception {
        assertRefused(announcing(width, height), scale, 0, message);
    }

    @Test
    void shouldRefuseWhenTheHeapIsTooSmallForThePicture() throws Exception {
        Path file = announcing(4000, 3000);

        try (Enlarger enlarger = new CpuEnlarger(1)) {
            assertThatThrownBy(() -> new PictureJob(enlarger, new UpscaleLimits(new HeapBudget(100_000_000))).run(file, new Enlargement(2, 0.1), MODEL.context()))
                    .isInstanceOf(ModelException.class)
                    .hasMessage("image: enlarging 4000 x 3000 takes 480 MB of memory, this executor has 100 MB for it");
        }
    }

    @Test
    void shouldNameTheImageWhenItIsBroken() throws Exception {
        byte[] bytes = Files.readAllBytes(photo);
        Path cut = Files.write(pictures.resolve("cut.jpg"), java.util.Arrays.copyOf(bytes, bytes.length / 2));

        assertRefused(cut, 2, 0, "image: broken JPEG: it ends too early");
        assertRefused(Files.writeString(pictures.resolve("page.png"), "<html>"), 2, 0, "image: expected a PNG, JPEG or WebP picture, found a text");
        assertRefused(pictures.resolve("absent.png"), 2, 0, "image: the file could not be read");
    }

    @Test
    void shouldServeTheNextWhenOneWasCanceled() throws Exception {
        MODEL.assertStopsAfter(12, picture(photo, 4, 0.5));

        assertThat(predict(photo, 2, 0).getWidth()).isEqualTo(300);
    }

    @Test
    void shouldNameBothFieldsWhenNeitherOrBothAreGiven() {
        MODEL.assertRefused(new UpscaleInput(null, null, 2, 0, VideoQuality.DRAFT), "image, video: expected one of them, got none");
        MODEL.assertRefused(new UpscaleInput(photo, photo, 2, 0, VideoQuality.DRAFT), "image, video: expected one of them, got both");
    }

    private static UpscaleInput picture(Path image, int scale, double denoise) {
        return new UpscaleInput(image, null, scale, denoise, VideoQuality.STANDARD);
    }

    private static void assertRefused(Path image, int scale, double denoise, String message) {
        MODEL.assertRefused(picture(image, scale, denoise), message);
    }

    private static Path file(Path image, int scale, double denoise) throws Exception {
        OutputFile made = MODEL.predict(picture(image, scale, denoise));
        assertThat(made.contentType()).isEqualTo("image/png");
        return made.path();
    }

    private static BufferedImage predict(Path image, int scale, double denoise) throws Exception {
        return ImageIO.read(file(image, scale, denoise).toFile());
    }

    private static int green(BufferedImage image, int fromX, int fromY, int side) {
        int sum = 0;
        for (int i = 0; i < side * side; i++) {
            sum += image.getRGB(fromX + i % side, fromY + i / side) >> 8 & 255;
        }
        return sum / (side * side);
    }

    /** A PNG's first bytes, with a header that announces a size, and nothing behind. */
    private static Path announcing(int width, int height) throws Exception {
        byte[] header = ByteBuffer.allocate(17).put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0}).array();
        CRC32 crc = new CRC32();
        crc.update(header);
        byte[] file = ByteBuffer.allocate(33).put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'}).putInt(13).put(header).putInt((int) crc.getValue()).array();
        return Files.write(pictures.resolve("bomb.png"), file);
    }
}
