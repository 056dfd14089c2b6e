package dev.auspex.executor.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.executor.builtin.InputBinder;
import dev.auspex.executor.video.PngWriter;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.Predictor;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Runs whole predictions of the built-in models, encoding included, as an executor's slots do. One thread. */
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
     * @param device what a device did meanwhile
     */
    record Line(String what, String size, double amount, String unit, DeviceWatch.Usage device) {}

    private record Amount(double perSecond, DeviceWatch.Usage device) {}

    /** All models in all sizes. @param lines gets each as soon as it is measured */
    void all(ModelEnvironment environment, List<BenchOptions.Size> sizes, Consumer<Line> lines) throws Exception {
        try (DeviceWatch watch = DeviceWatch.of(environment.gpu())) {
            try (Predictor<?> motion = model("motion-video").setup(environment)) {
                for (BenchOptions.Size size : sizes) {
                    for (String move : List.of("zoom-in", "parallax")) {
                        ObjectNode input = sized(size).put("image", picture.toString()).put("motion", move);
                        lines.accept(line("motion-video " + move, size, "frames", frames(motion, "motion-video", input, watch)));
                    }
                }
            }
            try (Predictor<?> scene = model("scene-video").setup(environment)) {
                for (BenchOptions.Size size : sizes) {
                    for (String prompt : List.of("ocean", "city at night", "forest hills", "spheres", "tunnel", "planet")) {
                        ObjectNode input = sized(size).put("prompt", prompt).put("seed", 7);
                        lines.accept(line("scene-video " + prompt, size, "frames", frames(scene, "scene-video", input, watch)));
                    }
                }
            }
            try (Predictor<?> upscale = model("upscale").setup(environment)) {
                for (BenchOptions.Size size : sizes) {
                    for (double denoise : new double[] {0, 0.3}) {
                        String how = "upscale x2" + (denoise > 0 ? ", denoise" : "");
                        Amount pictures = pictures(upscale, size, denoise, watch);
                        lines.accept(line(how, size, "pictures", pictures));
                        // A frame is about as much work as a picture.
                        Path film = film(environment.ffmpeg(), size, (int) Math.clamp(pictures.perSecond() * seconds, 2, 120));
                        lines.accept(line(how + ", video", size, "frames", video(upscale, film, denoise, watch)));
                    }
                }
            }
            try (Predictor<?> text = model("tiny-text").setup(environment)) {
                ObjectNode input = Json.object().put("prompt", "Once upon a time").put("seed", 1).put("max_tokens", Math.clamp(Math.round(120 * seconds), 4, 240)).put("temperature", 1).put("top_p", 1);
                predict(text, "tiny-text", input);
                double[] tokens = {0};
                DeviceWatch.Usage device = watch.during(() -> tokens[0] = predict(text, "tiny-text", input).metric("tokens_per_second"));
                lines.accept(new Line("tiny-text", weights(), tokens[0], "tokens", device));
            }
        }
    }

    /**
     * Jobs without a pause, as in an executor with so many slots: frames per second of all of them together.
     *
     * @param slots each has its own thread, predictor and folder
     */
    Line backToBack(ModelEnvironment environment, BenchOptions.Size size, int slots) throws Exception {
        AtomicLong frames = new AtomicLong();
        long[] began = {0};
        double[] took = {0};
        DeviceWatch.Usage device;
        try (DeviceWatch watch = DeviceWatch.of(environment.gpu());
                ExecutorService threads = Executors.newFixedThreadPool(slots, Thread.ofPlatform().name("slot-", 0).factory())) {
            device = watch.during(() -> {
                began[0] = System.nanoTime();
                List<Future<?>> ends = new ArrayList<>();
                for (int slot = 0; slot < slots; slot++) {
                    Path own = Files.createDirectories(folder.resolve("slot-" + slot));
                    ends.add(threads.submit(() -> {
                        jobs(environment, size, own, frames, began[0]);
                        return null;
                    }));
                }
                for (Future<?> end : ends) {
                    end.get();
                }
                took[0] = (System.nanoTime() - began[0]) / 1e9;
            });
        }
        return new Line("motion-video zoom-in, " + slots + (slots == 1 ? " slot" : " slots"), size.toString(), frames.get() / took[0], "frames", device);
    }

    private void jobs(ModelEnvironment environment, BenchOptions.Size size, Path own, AtomicLong frames, long began) throws Exception {
        ObjectNode input = sized(size).put("image", picture.toString()).put("motion", "zoom-in").put("seconds", seconds == 0 ? SHORTEST : 5);
        try (Predictor<?> motion = model("motion-video").setup(environment)) {
            do {
                frames.addAndGet(Math.round(predict(motion, "motion-video", input, own).metric("frames")));
            } while (System.nanoTime() - began < 4 * seconds * 1e9);
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

    private static String weights() {
        String own = System.getenv("AUSPEX_TINY_TEXT");
        return own == null ? "its own weights" : String.valueOf(Path.of(own).getFileName());
    }

    private Amount frames(Predictor<?> predictor, String name, ObjectNode input, DeviceWatch watch) throws Exception {
        // A short video says how long one must be to take the time.
        double[] pace = {0};
        DeviceWatch.Usage first = watch.during(() -> pace[0] = predict(predictor, name, input.deepCopy().put("seconds", SHORTEST)).metric("frames_per_second"));
        if (seconds == 0) {
            return new Amount(pace[0], first);
        }
        input.put("seconds", Math.clamp(pace[0] * seconds / FPS, SHORTEST, 30));
        DeviceWatch.Usage device = watch.during(() -> pace[0] = predict(predictor, name, input).metric("frames_per_second"));
        return new Amount(pace[0], device);
    }

    private Amount pictures(Predictor<?> predictor, BenchOptions.Size size, double denoise, DeviceWatch watch) throws Exception {
        Path small = folder.resolve("small-" + size + ".png");
        paint(size.width() / 2, size.height() / 2, small);
        ObjectNode input = Json.object().put("image", small.toString()).put("scale", 2).put("denoise", denoise);
        predict(predictor, "upscale", input);
        double[] perSecond = {0};
        DeviceWatch.Usage device = watch.during(() -> {
            long start = System.nanoTime();
            int pictures = 0;
            do {
                predict(predictor, "upscale", input);
                pictures++;
            } while (System.nanoTime() - start < seconds * 1e9);
            perSecond[0] = pictures / ((System.nanoTime() - start) / 1e9);
        });
        return new Amount(perSecond[0], device);
    }

    private Amount video(Predictor<?> predictor, Path film, double denoise, DeviceWatch watch) throws Exception {
        ObjectNode input = Json.object().put("video", film.toString()).put("scale", 2).put("denoise", denoise).put("quality", "draft");
        double[] perSecond = {0};
        DeviceWatch.Usage device = watch.during(() -> perSecond[0] = predict(predictor, "upscale", input).metric("frames_per_second"));
        return new Amount(perSecond[0], device);
    }

    /** A film of half the size. */
    private Path film(Path ffmpeg, BenchOptions.Size size, int frames) throws IOException, InterruptedException {
        Path file = folder.resolve("small-%s-%d.mp4".formatted(size, frames));
        String source = "testsrc2=s=%dx%d:r=%d".formatted(half(size.width()), half(size.height()), FPS);
        Process made = new ProcessBuilder(
                        ffmpeg.toString(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", "-f", "lavfi", "-i", source,
                        "-frames:v", Integer.toString(frames), "-c:v", "mpeg4", "-q:v", "3", file.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
            made.destroyForcibly();
            throw new IOException("this ffmpeg cannot make a film of " + source);
        }
        return file;
    }

    // No film is smaller than models take.
    private static int half(int side) {
        return Math.max(16, side / 4 * 2);
    }

    private static Line line(String what, BenchOptions.Size size, String unit, Amount amount) {
        return new Line(what, size.toString(), amount.perSecond(), unit, amount.device());
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

    private QuietContext predict(Predictor<?> predictor, String name, ObjectNode input) throws Exception {
        return predict(predictor, name, input, folder);
    }

    @SuppressWarnings("unchecked") // A predictor takes what its model's binder makes.
    private QuietContext predict(Predictor<?> predictor, String name, ObjectNode input, Path folder) throws Exception {
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
