package dev.auspex.executor.video;

import com.twelvemonkeys.imageio.color.ColorSpaces;
import java.awt.Transparency;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** A JPEG with four inks. */
final class CmykJpeg {

    private CmykJpeg() {}

    static Path write(Path file, int width, int height) throws IOException {
        var inks = ColorSpaces.getColorSpace(ColorSpaces.CS_GENERIC_CMYK);
        var model = new ComponentColorModel(inks, false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        BufferedImage image = new BufferedImage(model, model.createCompatibleWritableRaster(width, height), false, null);
        if (!ImageIO.write(image, "jpg", file.toFile())) {
            throw new IOException("no writer takes four inks");
        }
        return file;
    }
}
