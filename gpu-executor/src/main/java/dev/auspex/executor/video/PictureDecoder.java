package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes pictures in this JVM (ADR 0005): limits first, then one picture at a time per process once it is large, so that
 * several slots cannot take the heap together. Safe for use by many threads.
 */
public final class PictureDecoder {

    private static final long LARGE = 8_000_000;
    private static final Semaphore LARGE_PICTURES = new Semaphore(1, true);

    private final PictureLimits limits;

    /** @param limits what a picture may cost */
    public PictureDecoder(PictureLimits limits) {
        this.limits = limits;
    }

    /**
     * Decodes a still picture and hands it to {@code use}; its pixels are free for collection afterwards.
     *
     * @throws PictureException if it is no picture, broken, animated or too large
     * @throws CanceledException from the checkpoint
     * @throws IOException if the file cannot be read
     */
    public <T> T decode(Path file, Checkpoint checkpoint, Use<T> use) throws IOException, PictureException, CanceledException {
        PictureHeader header = PictureHeader.read(file);
        limits.admit(header);
        boolean large = header.pixels() > LARGE;
        if (large) {
            HeapBudget.acquire(LARGE_PICTURES, 1, checkpoint);
        }
        try {
            return use.with(new PixelRows(pixels(file, header, checkpoint)), header);
        } finally {
            if (large) {
                LARGE_PICTURES.release();
            }
        }
    }

    /** What is done with the decoded picture. */
    @FunctionalInterface
    public interface Use<T> {
        /** Called once, while the picture is in memory. */
        T with(PixelRows pixels, PictureHeader header) throws CanceledException;
    }

    private BufferedImage pixels(Path file, PictureHeader header, Checkpoint checkpoint)
            throws IOException, PictureException, CanceledException {
        DecodeWatch watch = new DecodeWatch(checkpoint, limits.maxDecodeTime());
        ImageReader reader = reader(header.format());
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            reader.setInput(in, true, true);
            reader.addIIOReadProgressListener(watch);
            Truncation truncation = new Truncation();
            reader.addIIOReadWarningListener(truncation);
            requireAnnouncedSize(reader, header);
            BufferedImage image = reader.read(0);
            watch.rethrow();
            truncation.rethrow(header.format());
            return image;
        } catch (PictureException | CanceledException known) {
            throw known;
        } catch (IOException | RuntimeException broken) {
            // The readers answer hostile bytes with every kind of unchecked exception.
            watch.rethrow();
            throw new PictureException("broken " + header.format() + ": " + reason(broken), broken);
        } finally {
            reader.dispose();
        }
    }

    private static void requireAnnouncedSize(ImageReader reader, PictureHeader header) throws IOException, PictureException {
        if (reader.getWidth(0) != header.width() || reader.getHeight(0) != header.height()) {
            throw new PictureException("broken %s: announces two different sizes".formatted(header.format()));
        }
    }

    private static ImageReader reader(PictureFormat format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.readerName());
        if (!readers.hasNext()) {
            throw new IllegalStateException("no reader for " + format + " on the class path");
        }
        return readers.next();
    }

    private static String reason(Exception broken) {
        Throwable cause = broken instanceof IIOException && broken.getCause() != null ? broken.getCause() : broken;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** The JPEG reader fills what is missing of a cut-off file with grey and only warns. */
    private static final class Truncation implements IIOReadWarningListener {

        private @Nullable String warning;

        @Override
        public void warningOccurred(ImageReader source, String text) {
            if (text.toLowerCase(Locale.ROOT).contains("premature end")) {
                warning = text;
            }
        }

        void rethrow(PictureFormat format) throws PictureException {
            if (warning != null) {
                throw new PictureException("broken " + format + ": it ends too early");
            }
        }
    }
}
