package dev.auspex.executor.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was written is what other programs read. */
class PngWriterTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"3, 1, 1", "3, 97, 33", "4, 97, 33", "4, 5, 400"})
    void shouldHoldEveryPixelWhenReadAgain(int channels, int width, int height) throws Exception {
        byte[] pixels = new byte[width * height * channels];
        new Random(3).nextBytes(pixels);
        for (int i = 0; i < pixels.length / 2; i++) {
            pixels[i] = (byte) (i / channels % width * 255 / width); // smooth rows pack with other filters than noise
        }

        BufferedImage read = ImageIO.read(write(pixels, width, height, channels, "a.png").toFile());

        assertThat(read.getColorModel().hasAlpha()).isEqualTo(channels == 4);
        for (int i = 0, at = 0; i < width * height; i++, at += channels) {
            int argb = (channels == 4 ? pixels[at + 3] << 24 : 0xff000000) | (pixels[at] & 255) << 16 | (pixels[at + 1] & 255) << 8 | pixels[at + 2] & 255;
            assertThat(read.getRGB(i % width, i / width)).as("pixel %d", i).isEqualTo(argb);
        }
    }

    @Test
    void shouldBeSmallerThanItsPixelsWhenThePictureIsSmooth() throws Exception {
        byte[] pixels = new byte[200 * 200 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 3 % 200 + i / 600);
        }

        assertThat(Files.size(write(pixels, 200, 200, 3, "smooth.png"))).isLessThan(pixels.length / 50);
    }

    @Test
    void shouldNotEndEarlyWhenRowsAreMissing() throws Exception {
        try (PngWriter png = new PngWriter(folder.resolve("short.png"), 4, 2, 3)) {
            png.row(new byte[12], 0);

            assertThatThrownBy(png::finish).hasMessage("1 rows are missing");
        }
    }

    private Path write(byte[] pixels, int width, int height, int channels, String name) throws Exception {
        Path file = folder.resolve(name);
        try (PngWriter png = new PngWriter(file, width, height, channels)) {
            for (int y = 0; y < height; y++) {
                png.row(pixels, y * width * channels);
            }
            png.finish();
        }
        return file;
    }
}
