package dev.auspex.executor.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.auspex.model.CanceledException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a file to a picture in video colours: right side up, right colours, right sizes. */
class PictureScalerTest {

    private static final Path PICTURES = Path.of("src/test/resources/pictures");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "0xffffff, 235, 128, 128",
        "0x000000, 16, 128, 128",
        "0xff0000, 62.6, 102.4, 240",
        "0x00ff00, 172.6, 41.7, 26.3",
        "0x0000ff, 31.8, 240, 117.8"
    })
    void shouldGiveTheColoursOfBt709WhenPlain(int rgb, float luma, float blue, float red) throws Exception {
        Picture picture = read(TestPictures.write(TestPictures.plain(8, 6, rgb), folder.resolve("plain.png")), 1);

        assertThat(picture.luma().samples()[picture.luma().index(3, 3)]).isCloseTo(luma, within(0.1f));
        assertThat(picture.blue().samples()[picture.blue().index(1, 1)]).isCloseTo(blue, within(0.1f));
        assertThat(picture.red().samples()[picture.red().index(1, 1)]).isCloseTo(red, within(0.1f));
    }

    @ParameterizedTest
    @EnumSource(Orientation.class)
    void shouldStandUprightWhenTheFileSaysHowItLies(Orientation orientation) throws Exception {
        // Black but for one white corner, which shows where the turned picture's corners went.
        BufferedImage stored = TestPictures.plain(16, 8, 0);
        stored.getSubimage(0, 0, 4, 4).getGraphics().fillRect(0, 0, 4, 4);
        Path file = withExif(TestPictures.write(stored, folder.resolve("turned.jpg")), orientation.ordinal() + 1);

        Picture picture = read(file, 1);

        boolean left = switch (orientation) {
            case UPRIGHT, FLIPPED, TRANSPOSED, THREE_QUARTER_TURN -> true;
            case MIRRORED, HALF_TURN, QUARTER_TURN, TRANSVERSED -> false;
        };
        boolean top = switch (orientation) {
            case UPRIGHT, MIRRORED, TRANSPOSED, QUARTER_TURN -> true;
            case HALF_TURN, FLIPPED, TRANSVERSED, THREE_QUARTER_TURN -> false;
        };
        assertThat(picture.width()).isEqualTo(orientation.ordinal() < 4 ? 16 : 8);
        for (boolean atLeft : new boolean[] {true, false}) {
            for (boolean atTop : new boolean[] {true, false}) {
                int x = atLeft ? 1 : picture.width() - 2;
                int y = atTop ? 1 : picture.height() - 2;
                float expected = atLeft == left && atTop == top ? 235 : 16;
                assertThat(picture.luma().samples()[picture.luma().index(x, y)]).isCloseTo(expected, within(12f));
            }
        }
    }

    @Test
    void shouldKeepTheLightWhenShrinking() throws Exception {
        // Alternating black and white reflects half the light; encoded that is 188 of 255, not 128.
        BufferedImage stripes = TestPictures.plain(256, 64, 0);
        for (int x = 0; x < 256; x += 2) {
            for (int y = 0; y < 64; y++) {
                stripes.setRGB(x, y, 0xffffff);
            }
        }

        Picture picture = read(TestPictures.write(stripes, folder.resolve("stripes.png")), 0.25);

        assertThat(picture.width()).isEqualTo(64);
        assertThat(picture.luma().samples()[picture.luma().index(32, 8)]).isCloseTo(16 + 219 * 188 / 255f, within(1.5f));
    }

    @Test
    void shouldNotShiftWhenShrinking() throws Exception {
        BufferedImage half = TestPictures.plain(120, 60, 0);
        half.getSubimage(60, 0, 60, 60).getGraphics().fillRect(0, 0, 60, 60);

        Picture picture = read(TestPictures.write(half, folder.resolve("half.png")), 1 / 3.0);

        float[] luma = picture.luma().samples();
        assertThat(luma[picture.luma().index(18, 10)]).isCloseTo(16, within(3f));
        assertThat(luma[picture.luma().index(21, 10)]).isCloseTo(235, within(3f));
        assertThat(picture.width()).isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource({"0, 39.3", "0xffffff, 149"})
    void shouldShowTheBackgroundWhenTransparent(int background, float luma) throws Exception {
        Picture picture = new PictureDecoder(PictureLimits.standard()).decode(
                PICTURES.resolve("half-red-lossless.webp"), () -> {}, (pixels, header) -> new PictureScaler(pixels, background, () -> {}).scale(1, header.orientation()));

        assertThat(picture.luma().samples()[picture.luma().index(20, 12)]).isCloseTo(luma, within(2f));
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_BYTE_INDEXED, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_USHORT_565_RGB})
    void shouldReadTheSameWhiteWhateverTheSamplesAre(int type) throws Exception {
        BufferedImage image = new BufferedImage(12, 10, type);
        var graphics = image.createGraphics();
        graphics.setColor(java.awt.Color.WHITE);
        graphics.fillRect(0, 0, 12, 10);

        int[] row = new int[12];
        new PixelRows(image).read(9, row);

        assertThat(row).containsOnly(0xffffffff);
    }

    @Test
    void shouldTakeGreyAsItIsWhenThePictureIsGrey() throws Exception {
        BufferedImage grey = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        Arrays.fill(((java.awt.image.DataBufferByte) grey.getRaster().getDataBuffer()).getData(), (byte) 100);

        Picture picture = read(TestPictures.write(grey, folder.resolve("grey.png")), 1);

        assertThat(picture.luma().samples()[picture.luma().index(4, 4)]).isCloseTo(16 + 219 * 100 / 255f, within(0.5f));
    }

    @Test
    void shouldConvertColoursWhenThePictureHasAProfile() {
        // Linear light 0.5 in a linear profile is 188 in sRGB.
        ColorSpace linear = ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB);
        var model = new java.awt.image.ComponentColorModel(linear, false, false, java.awt.Transparency.OPAQUE, java.awt.image.DataBuffer.TYPE_BYTE);
        BufferedImage image = new BufferedImage(model, model.createCompatibleWritableRaster(4, 100), false, null);
        Arrays.fill(((java.awt.image.DataBufferByte) image.getRaster().getDataBuffer()).getData(), (byte) 128);

        int[] row = new int[4];
        new PixelRows(image).read(99, row);

        assertThat(row[0] & 0xff).isBetween(186, 190);
    }

    @Test
    void shouldReadACmykJpegWhenPrintersSendOne() throws Exception {
        Path file = CmykJpeg.write(folder.resolve("print.jpg"), 24, 16);

        Picture picture = read(file, 1);

        assertThat(picture.width()).isEqualTo(24);
    }

    @Test
    void shouldKeepASingleSampleWhenThePictureIsOnePixel() throws Exception {
        Picture picture = read(TestPictures.write(TestPictures.plain(1, 1, 0xffffff), folder.resolve("dot.png")), 0.01);

        assertThat(picture.width()).isEqualTo(1);
        assertThat(picture.luma().samples()).containsOnly(picture.luma().samples()[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void shouldRefuseWhenTheFileEndsTooEarly(String format) throws Exception {
        byte[] whole = Files.readAllBytes(TestPictures.write(TestPictures.landscape(300, 200), folder.resolve("whole." + format)));
        Path cut = Files.write(folder.resolve("cut." + format), Arrays.copyOf(whole, whole.length * 2 / 3));

        assertThatThrownBy(() -> read(cut, 1)).isInstanceOf(PictureException.class).hasMessageStartingWith("broken ");
    }

    @Test
    void shouldStopDecodingWhenCanceled() throws Exception {
        Path file = TestPictures.write(TestPictures.plain(2000, 1500, 0x335577), folder.resolve("large.png"));

        assertThatThrownBy(() -> new PictureDecoder(PictureLimits.standard()).decode(file, () -> {
            throw new CanceledException();
        }, (pixels, header) -> 0)).isInstanceOf(CanceledException.class);
    }

    private static Picture read(Path file, double density) throws IOException, PictureException, CanceledException {
        return new PictureDecoder(PictureLimits.standard()).decode(file, () -> {}, (pixels, header) -> new PictureScaler(pixels, 0, () -> {}).scale(density, header.orientation()));
    }

    /** The same JPEG with an EXIF segment after its first marker. */
    private static Path withExif(Path jpeg, int orientation) throws IOException {
        ByteBuffer segment = ByteBuffer.allocate(36).order(ByteOrder.BIG_ENDIAN).putShort((short) 0xffe1).putShort((short) 34).put(new byte[] {'E', 'x', 'i', 'f', 0, 0});
        segment.put(new byte[] {'M', 'M', 0, 42}).putInt(8).putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation).putShort((short) 0).putInt(0);
        byte[] whole = Files.readAllBytes(jpeg);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(whole, 0, 2);
        out.write(segment.array(), 0, segment.position());
        out.write(whole, 2, whole.length - 2);
        return Files.write(jpeg, out.toByteArray());
    }
}
