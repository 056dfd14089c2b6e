package dev.auspex.executor.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.executor.builtin.InputBinder;
import dev.auspex.executor.video.PngWriter;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.Predictor;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** Runs whole predictions of the built-in models, encoding included, as an executor's slot does. One thread. */
@SuppressWarnings("try") // Closing may be interrupted; then the bench ends, which is right.
final class ModelBench {

    private static final int FPS = 24;

    /** The shortest video there is, two frames: the first pays for compiling. */
    private static final double SHORTEST = 0.1;

    private final Path folder;
    private final Path picture;
    private final double seconds;

    /**
     * A bench.
     *
     * @param folder for pictures and results
     * @param seconds that a measurement takes at the least; with 0 everything is made once, to see that it works
     */
    ModelBench(Path folder, double seconds) throws IOException {
        this.folder = folder;
        this.seconds = seconds;
        this.picture = folder.resolve("picture.png");
        paint(1600, 900, picture);
    }

    /**
     * One line of the table.
     *
     * @param what the model and what it was asked for
     * @param size of the frames, or of the result
     * @param amount how many per second
     * @param unit of what
     */
    record Line(String what, String size, double amount, String unit) {}

    /** All models in all sizes. @param lines gets each as soon as it is measured */
    void all(ModelEnvironment environment, List<BenchOptions.Size> sizes, Consumer<Line> lines) throws Exception {
        try (Predictor<?> motion = model("motion-video").setup(environment)) {
            for (BenchOptions.Size size : sizes) {
                for (String move : List.of("zoom-in", "parallax")) {
                    lines.accept(new Line("motion-video " + move, size.toString(), frames(motion, "motion-video", sized(size).put("image", picture.toString()).put("motion", move)), "frames"));
                }
            }
        }
        try (Predictor<?> scene = model("scene-video").setup(environment)) {
            for (BenchOptions.Size size : sizes) {
                for (String prompt : List.of("ocean", "city at night", "forest hills", "spheres", "tunnel", "planet")) {
                    lines.accept(new Line("scene-video " + prompt, size.toString(), frames(scene, "scene-video", sized(size).put("prompt", prompt).put("seed", 7)), "frames"));
                }
            }
        }
        try (Predictor<?> upscale = model("upscale").setup(environment)) {
            for (BenchOptions.Size size : sizes) {
                for (double denoise : new double[] {0, 0.3}) {
                    lines.accept(upscale(upscale, size, denoise));
                }
            }
        }
        try (Predictor<?> text = model("tiny-text").setup(environment)) {
            ObjectNode input = Json.object().put("prompt", "Once upon a time").put("seed", 1).put("max_tokens", Math.clamp(Math.round(120 * seconds), 4, 240)).put("temperature", 1).put("top_p", 1);
            predict(text, "tiny-text", input);
            lines.accept(new Line("tiny-text", "0.86 M", predict(text, "tiny-text", input).metric("tokens_per_second"), "tokens"));
        }
    }

    /** Seconds that a video of one tiny frame takes: what a job costs besides its frames. */
    double overhead(ModelEnvironment environment) throws Exception {
        try (Predictor<?> motion = model("motion-video").setup(environment)) {
            ObjectNode input = sized(new BenchOptions.Size(16, 16)).put("image", picture.toString()).put("seconds", 0.1).put("fps", 10);
            predict(motion, "motion-video", input);
            int jobs = seconds == 0 ? 1 : 5;
            long start = System.nanoTime();
            for (int i = 0; i < jobs; i++) {
                predict(motion, "motion-video", input);
            }
            return (System.nanoTime() - start) / 1e9 / jobs;
        }
    }

    private double frames(Predictor<?> predictor, String name, ObjectNode input) throws Exception {
        // A short video says how long one must be to take the time.
        double first = predict(predictor, name, input.deepCopy().put("seconds", SHORTEST)).metric("frames_per_second");
        if (seconds == 0) {
            return first;
        }
        double length = Math.clamp(first * seconds / FPS, SHORTEST, 30);
        return predict(predictor, name, input.put("seconds", length)).metric("frames_per_second");
    }

    private Line upscale(Predictor<?> predictor, BenchOptions.Size size, double denoise) throws Exception {
        Path small = folder.resolve("small-" + size + ".png");
        paint(size.width() / 2, size.height() / 2, small);
        ObjectNode input = Json.object().put("image", small.toString()).put("scale", 2).put("denoise", denoise);
        predict(predictor, "upscale", input);
        long start = System.nanoTime();
        int pictures = 0;
        do {
            predict(predictor, "upscale", input);
            pictures++;
        } while (System.nanoTime() - start < seconds * 1e9);
        return new Line("upscale x2" + (denoise > 0 ? ", denoise" : ""), size.toString(), pictures / ((System.nanoTime() - start) / 1e9), "pictures");
    }

    private static ObjectNode sized(BenchOptions.Size size) {
        return Json.object().put("width", size.width()).put("height", size.height()).put("fps", FPS).put("quality", "draft");
    }

    private static Model<?> model(String name) {
        return ServiceLoader.load(Model.class).stream()
                .<Model<?>>map(ServiceLoader.Provider::get)
                .filter(model -> model.info().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no model " + name));
    }

    @SuppressWarnings("unchecked") // A predictor takes what its model's binder makes.
    private QuietContext predict(Predictor<?> predictor, String name, ObjectNode input) throws Exception {
        QuietContext context = new QuietContext(folder);
        Record bound = new InputBinder<>((Class<Record>) model(name).inputType()).bind(input, (_, url) -> Path.of(url));
        ((Predictor<Record>) predictor).predict(bound, context);
        return context;
    }

    /** Something with edges, shades and noise. */
    private static void paint(int width, int height, Path file) throws IOException {
        java.util.SplittableRandom random = new java.util.SplittableRandom(1);
        byte[] row = new byte[3 * width];
        try (PngWriter png = new PngWriter(file, width, height, 3)) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int shade = 128 + (int) (60 * Math.sin(x / 37.0) * Math.cos(y / 23.0)) + ((x / 40 + y / 40) % 2 == 0 ? 30 : -30);
                    for (int c = 0; c < 3; c++) {
                        row[3 * x + c] = (byte) Math.clamp(shade + 12L * c + random.nextInt(-6, 7), 0, 255);
                    }
                }
                png.row(row, 0);
            }
            png.finish();
        }
    }
}
