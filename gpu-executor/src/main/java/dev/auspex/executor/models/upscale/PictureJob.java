package dev.auspex.executor.models.upscale;

import dev.auspex.executor.video.ColourPicture;
import dev.auspex.executor.video.HeapBudget;
import dev.auspex.executor.video.PictureDecoder;
import dev.auspex.executor.video.PictureException;
import dev.auspex.executor.video.PictureHeader;
import dev.auspex.executor.video.PictureLimits;
import dev.auspex.executor.video.PngWriter;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.model.PredictionContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Enlarges a still picture, strip by strip: one is made while the one before it is written. One slot. */
final class PictureJob {

    private static final int STRIP_BYTES = 8 << 20;

    private final Enlarger enlarger;
    private final UpscaleLimits limits;
    private final PictureDecoder decoder = new PictureDecoder(PictureLimits.standard());

    PictureJob(Enlarger enlarger, UpscaleLimits limits) {
        this.enlarger = enlarger;
        this.limits = limits;
    }

    OutputFile run(Path image, Enlargement how, PredictionContext context) throws ModelException, CanceledException {
        PictureHeader header = reading(() -> PictureHeader.read(image));
        try (HeapBudget.Share share = limits.heap().take(limits.admit(header, how), context::checkCanceled)) {
            context.log("picture: %s, %d x %d".formatted(header.format(), header.width(), header.height()));
            return enlarge(decode(image, context), how, context);
        }
    }

    private OutputFile enlarge(ColourPicture picture, Enlargement how, PredictionContext context)
            throws ModelException, CanceledException {
        Strips strips = new Strips(picture.width() * how.scale(), picture.height() * how.scale(), picture.alpha() == null ? 3 : 4);
        enlarger.begin(strips.bytes());
        enlarger.load(Original.of(picture, how.denoise() > 0), how, context::checkCanceled);
        Path file = context.workFolder().resolve("picture.png");
        try (PngWriter png = new PngWriter(file, strips.width(), strips.height(), strips.channels())) {
            write(strips, png, context);
        } catch (IOException failed) {
            throw new ModelException("the picture could not be written: " + failed.getMessage(), failed);
        }
        context.metric("megapixels", Math.round(strips.width() / 1e3 * strips.height() / 1e1) / 100.0);
        return new OutputFile(file, "image/png");
    }

    /** What can go wrong with a client's file. */
    private interface Reading<T> {
        T read() throws IOException, PictureException, CanceledException;
    }

    private static <T> T reading(Reading<T> file) throws ModelException, CanceledException {
        try {
            return file.read();
        } catch (PictureException refused) {
            throw new ModelException("image: " + refused.getMessage(), refused);
        } catch (IOException unreadable) {
            throw new ModelException("image: the file could not be read", unreadable);
        }
    }

    private ColourPicture decode(Path image, PredictionContext context) throws ModelException, CanceledException {
        return reading(() -> decoder.decode(image, context::checkCanceled,
                (pixels, found) -> ColourPicture.read(pixels, found.orientation(), context::checkCanceled)));
    }

    private void write(Strips strips, PngWriter png, PredictionContext context) throws IOException, CanceledException {
        byte[][] targets = new byte[Enlarger.PIPELINE][];
        for (int strip = 0; strip <= strips.count(); strip++) {
            if (strip < strips.count()) {
                byte[] target = new byte[strips.rows(strip) * strips.stride()];
                targets[strip % targets.length] = target;
                enlarger.start(strips.bands(strip), target, context::checkCanceled);
            }
            if (strip > 0) {
                enlarger.finish();
                byte[] made = targets[(strip - 1) % targets.length];
                for (int row = 0; row < strips.rows(strip - 1); row++) {
                    context.checkCanceled();
                    png.row(made, row * strips.stride());
                }
                context.progress((double) strip / strips.count());
            }
        }
        png.finish();
    }

    /** The result, cut into strips. */
    private record Strips(int width, int height, int channels) {

        int stride() {
            return width * channels;
        }

        int most() {
            return Math.clamp(STRIP_BYTES / stride(), 1, height);
        }

        int bytes() {
            return most() * stride();
        }

        int count() {
            return (height + most() - 1) / most();
        }

        int rows(int strip) {
            return Math.min(most(), height - strip * most());
        }

        List<Band> bands(int strip) {
            List<Band> bands = new ArrayList<>();
            for (int channel = 0; channel < channels; channel++) {
                bands.add(new Band(channel, new Band.Rows(strip * most(), rows(strip)), new Band.Layout(channel, channels, stride()), false));
            }
            return bands;
        }
    }
}
