package dev.auspex.system;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Pictures for model inputs, drawn here so that the repository carries none. */
final class TestPhoto {

    private TestPhoto() {}

    /** A JPEG with gradients and a few edges. */
    static Path jpeg(Path folder, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                boolean checker = (x / 40 + y / 40) % 2 == 0;
                image.setRGB(x, y, new Color(255 * x / width, 255 * y / height, checker ? 200 : 60).getRGB());
            }
        }
        Path file = folder.resolve("photo.jpg");
        if (!ImageIO.write(image, "jpg", file.toFile())) {
            throw new IOException("this JDK cannot write JPEG");
        }
        return file;
    }
}
