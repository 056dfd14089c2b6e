package dev.auspex.example;

import dev.auspex.example.PolaroidModel.Input;
import dev.auspex.example.PolaroidModel.Tone;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.model.PredictionContext;
import dev.auspex.model.Predictor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Makes one picture at a time: the executor never calls it from two threads at once. */
final class PolaroidPredictor implements Predictor<Input> {

    private static final double MOST_PIXELS = 50e6;

    @Override
    public OutputFile predict(Input input, PredictionContext context)
            throws ModelException, CanceledException, IOException {
        BufferedImage picture = read(input.picture());
        int border = (int) Math.round(input.width() * input.frame());
        BufferedImage card = framed(picture, input.width(), border);
        context.log("%d x %d pixels, %s".formatted(
                card.getWidth(), card.getHeight(), input.caption() == null ? "no caption" : input.caption()));
        for (int y = border; y < card.getHeight() - border; y++) {
            context.checkCanceled(); // in every loop; let the exception pass
            tone(card, y, border, input.tone());
            context.progress((y + 1.0) / card.getHeight());
        }
        context.metric("pixels", (long) card.getWidth() * card.getHeight());
        Path file = context.workFolder().resolve("polaroid.png"); // the folder is emptied when the prediction ends
        ImageIO.write(card, "png", file.toFile());
        return new OutputFile(file, "image/png");
    }

    // The size first: a file of a few kilobytes can ask for gigabytes.
    private static BufferedImage read(Path file) throws ModelException, IOException {
        try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                // For the client: which input, and what was expected.
                throw new ModelException("picture: expected a PNG, JPEG, GIF or BMP");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream);
                if ((double) reader.getWidth(0) * reader.getHeight(0) > MOST_PIXELS) {
                    throw new ModelException("picture: must have at most 50 million pixels, is %d x %d"
                            .formatted(reader.getWidth(0), reader.getHeight(0)));
                }
                return reader.read(0);
            } catch (IIOException broken) {
                throw new ModelException("picture: it cannot be read: " + broken.getMessage(), broken);
            } finally {
                reader.dispose();
            }
        }
    }

    private static BufferedImage framed(BufferedImage picture, int outer, int border) throws ModelException {
        int width = outer - 2 * border;
        int height = Math.max(1, (int) Math.round((double) width * picture.getHeight() / picture.getWidth()));
        if ((double) outer * height > MOST_PIXELS) {
            throw new ModelException("width: the result would have more than 50 million pixels");
        }
        BufferedImage card = new BufferedImage(outer, height + 2 * border, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = card.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, card.getWidth(), card.getHeight());
        canvas.drawImage(picture, border, border, width, height, null);
        canvas.dispose();
        return card;
    }

    private static void tone(BufferedImage card, int y, int border, Tone tone) {
        if (tone == Tone.NONE) {
            return;
        }
        for (int x = border; x < card.getWidth() - border; x++) {
            Color colour = new Color(card.getRGB(x, y));
            int grey = (colour.getRed() * 299 + colour.getGreen() * 587 + colour.getBlue() * 114) / 1000;
            int red = tone == Tone.SEPIA ? Math.min(255, grey * 107 / 100) : grey;
            int blue = tone == Tone.SEPIA ? grey * 82 / 100 : grey;
            card.setRGB(x, y, new Color(red, grey, blue).getRGB());
        }
    }
}
