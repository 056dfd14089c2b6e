package dev.auspex.executor.models.upscale;

import dev.auspex.executor.cuda.CudaProbe;
import dev.auspex.executor.models.RecordingContext;
import dev.auspex.executor.video.ColourPicture;
import dev.auspex.executor.video.PictureDecoder;
import dev.auspex.executor.video.PictureLimits;
import dev.auspex.executor.video.VideoQuality;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelEnvironment.GpuDevice;
import dev.auspex.model.OutputFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Enlarges a picture with the kernels and with Java and prints how far the two are apart; run in a JVM of its own. */
public final class CompareEnlargersMain {

    private CompareEnlargersMain() {}

    /** @param arguments the picture, a folder, ffmpeg and a video */
    public static void main(String[] arguments) throws Exception {
        GpuDevice gpu = CudaProbe.detect().orElseThrow(() -> new IllegalStateException(CudaProbe.reason()));
        ColourPicture picture = new PictureDecoder(PictureLimits.standard())
                .decode(Path.of(arguments[0]), () -> {}, (pixels, header) -> ColourPicture.read(pixels, header.orientation(), () -> {}));
        try (Enlarger cuda = CudaEnlarger.open(gpu.ordinal(), gpu.name());
                Enlarger java = new CpuEnlarger(2)) {
            for (Enlargement how : List.of(new Enlargement(1, 0.5), new Enlargement(2, 0), new Enlargement(2, 0.2), new Enlargement(3, 0), new Enlargement(4, 1))) {
                compare(how, enlarge(java, picture, how), enlarge(cuda, picture, how));
            }
        }
        try (var predictor = new UpscaleModel().setup(new ModelEnvironment("gpu-test", CudaProbe.detect(), Path.of(arguments[2])))) {
            OutputFile made = (OutputFile) predictor.predict(new UpscaleInput(Path.of(arguments[0]), null, 2, 0.3, VideoQuality.DRAFT), new RecordingContext(Path.of(arguments[1])));
            OutputFile video = (OutputFile) predictor.predict(new UpscaleInput(null, Path.of(arguments[3]), 2, 0.3, VideoQuality.DRAFT), new RecordingContext(Path.of(arguments[1])));
            System.out.println("made " + Objects.requireNonNull(video).contentType());
            System.out.println("made " + Objects.requireNonNull(made).contentType() + " on " + gpu.name());
        }
    }

    /** In two strips, so that the second one's rows do not begin at 0. */
    private static byte[][] enlarge(Enlarger enlarger, ColourPicture picture, Enlargement how) throws Exception {
        int width = picture.width() * how.scale();
        int rows = picture.height() * how.scale() / 2;
        byte[][] strips = new byte[2][3 * width * rows];
        enlarger.begin(strips[0].length);
        enlarger.load(Original.of(picture, how.denoise() > 0), how, () -> {});
        for (int strip = 0; strip < 2; strip++) {
            int from = strip * rows;
            enlarger.start(List.of(band(0, from, rows, width), band(1, from, rows, width), band(2, from, rows, width)), strips[strip], () -> {});
        }
        enlarger.finish();
        enlarger.finish();
        return strips;
    }

    private static Band band(int plane, int from, int rows, int width) {
        return new Band(plane, new Band.Rows(from, rows), new Band.Layout(plane, 3, 3 * width), plane == 2);
    }

    private static void compare(Enlargement how, byte[][] expected, byte[][] actual) {
        int largest = 0;
        int different = 0;
        for (int strip = 0; strip < 2; strip++) {
            for (int i = 0; i < expected[strip].length; i++) {
                int distance = Math.abs((expected[strip][i] & 0xff) - (actual[strip][i] & 0xff));
                largest = Math.max(largest, distance);
                different += distance > 0 ? 1 : 0;
            }
        }
        System.out.printf("compared %s: largest %d, different %.4f%n", how, largest, (double) different / (2 * expected[0].length));
    }
}
