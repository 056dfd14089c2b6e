package dev.auspex.executor.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known about a picture before it is decoded, and what is refused by that alone. */
class PictureHeaderTest {

    private static final Path PICTURES = Path.of("src/test/resources/pictures");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"lossy.webp,WEBP,48,30", "half-red-lossless.webp,WEBP,40,24"})
    void shouldReadFormatAndSizeWhenThePictureIsWebp(String name, PictureFormat format, int width, int height) throws Exception {
        PictureHeader header = PictureHeader.read(PICTURES.resolve(name));

        assertThat(header).isEqualTo(new PictureHeader(format, width, height, 8, Orientation.UPRIGHT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void shouldReadFormatAndSizeWhenTheNameLies(String format) throws Exception {
        Path written = TestPictures.write(TestPictures.plain(31, 17, 0x808080), folder.resolve("picture." + format));
        Path renamed = Files.move(written, folder.resolve("picture.gif"));

        PictureHeader header = PictureHeader.read(renamed);

        assertThat(header.width()).isEqualTo(31);
        assertThat(header.height()).isEqualTo(17);
    }

    @ParameterizedTest
    @CsvSource({"still.gif,a GIF", "still.avif,an AVIF"})
    void shouldNameTheFormatWhenItIsNotSupported(String name, String called) {
        assertThatThrownBy(() -> PictureHeader.read(PICTURES.resolve(name)))
                .isInstanceOf(PictureException.class)
                .hasMessage("expected a PNG, JPEG or WebP picture, found " + called);
    }

    @ParameterizedTest
    @CsvSource({"animated.png,an animated PNG", "animated.webp,an animated WebP"})
    void shouldRefuseWhenThePictureMoves(String name, String called) {
        assertThatThrownBy(() -> PictureHeader.read(PICTURES.resolve(name)))
                .isInstanceOf(PictureException.class)
                .hasMessageContaining(called);
    }

    @Test
    void shouldSayEmptyWhenTheFileIsEmpty() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.png"));

        assertThatThrownBy(() -> PictureHeader.read(empty)).hasMessageEndingWith("found an empty file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossy.webp", "half-red-lossless.webp"})
    void shouldRefuseAnyLengthWhenAFileIsCutOff(String name) throws Exception {
        byte[] whole = Files.readAllBytes(PICTURES.resolve(name));
        for (int length = 1; length < 25; length++) {
            Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> PictureHeader.read(cut)).as("%d bytes", length).isInstanceOf(PictureException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void shouldNeverFailOtherwiseWhenBytesAreWrong(String format) throws Exception {
        byte[] whole = Files.readAllBytes(TestPictures.write(TestPictures.plain(9, 9, 0x123456), folder.resolve("whole." + format)));
        for (int at = 2; at < Math.min(whole.length, 200); at++) {
            byte[] wrong = whole.clone();
            wrong[at] ^= (byte) 0xff;
            Path file = Files.write(folder.resolve("wrong"), wrong);
            try {
                assertThat(PictureHeader.read(file).pixels()).isPositive();
            } catch (PictureException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void shouldRefuseWhenAWebpAnnouncesAnotherSizeThanItHolds() throws Exception {
        byte[] picture = Files.readAllBytes(PICTURES.resolve("lossy.webp"));
        ByteArrayOutputStream lying = new ByteArrayOutputStream();
        lying.write(picture, 0, 12);
        lying.write("VP8X".getBytes(StandardCharsets.US_ASCII));
        lying.write(new byte[] {10, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 9, 0, 0});
        lying.write(picture, 12, picture.length - 12);
        Path file = Files.write(folder.resolve("lying.webp"), lying.toByteArray());

        assertThatThrownBy(() -> PictureHeader.read(file)).hasMessage("broken WebP: announces 10x10 pixels and holds 48x30");
    }

    @Test
    void shouldRefuseBeforeDecodingWhenAPngAnnouncesTooMuch() throws Exception {
        Path bomb = Files.write(folder.resolve("bomb.png"), pngHeader(60_000, 60_000));
        PictureDecoder decoder = new PictureDecoder(PictureLimits.standard());

        assertThatThrownBy(() -> decoder.decode(bomb, () -> {}, (pixels, header) -> 0))
                .isInstanceOf(PictureException.class)
                .hasMessage("60000 x 60000 pixels are more than the 64 megapixels allowed");
    }

    @Test
    void shouldRefuseBeforeDecodingWhenThereIsTooLittleMemory() throws Exception {
        Path large = Files.write(folder.resolve("large.png"), pngHeader(7_000, 7_000));
        PictureDecoder decoder = new PictureDecoder(new PictureLimits(64_000_000, 100_000_000, java.time.Duration.ofSeconds(1)));

        assertThatThrownBy(() -> decoder.decode(large, () -> {}, (pixels, header) -> 0))
                .hasMessage("decoding 7000 x 7000 pixels takes 196 MB of memory, this executor has 100 MB for it");
    }

    @Test
    void shouldRefuseWhenASideIsZeroOrBeyondAllNumbers() throws Exception {
        Path none = Files.write(folder.resolve("none.png"), pngHeader(0, 10));
        Path endless = Files.write(folder.resolve("endless.png"), pngHeader(-1, -1));

        assertThatThrownBy(() -> PictureHeader.read(none)).hasMessage("broken PNG: a side is 0 pixels long");
        assertThatThrownBy(() -> new PictureDecoder(PictureLimits.standard()).decode(endless, () -> {}, (pixels, header) -> 0))
                .hasMessageContaining("more than the 64 megapixels");
    }

    private static byte[] pngHeader(int width, int height) {
        ByteBuffer chunk = ByteBuffer.allocate(17).put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
        CRC32 sum = new CRC32();
        sum.update(chunk.array());
        return ByteBuffer.allocate(33)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'})
                .putInt(13)
                .put(chunk.array())
                .putInt((int) sum.getValue())
                .array();
    }
}
