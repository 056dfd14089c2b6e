package dev.auspex.executor.bench;

import dev.auspex.executor.cuda.CudaProbe;
import dev.auspex.executor.ffmpeg.FfmpegLocator;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelEnvironment.GpuDevice;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code ./auspex bench gpu}: prints tables in Markdown. Exit code 2 for options that cannot be. */
public final class GpuBench {

    private final BenchOptions options;
    private final Path folder;
    private final PrintStream out;

    private GpuBench(BenchOptions options, Path folder, PrintStream out) {
        this.options = options;
        this.folder = folder;
        this.out = out;
    }

    /** @param arguments see {@code --help} */
    public static void main(String[] arguments) throws Exception {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("auspex bench gpu: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.print(BenchOptions.USAGE);
            return;
        }
        Path folder = Files.createTempDirectory("auspex-bench");
        try {
            new GpuBench(options, folder, System.out).run();
        } finally {
            delete(folder);
        }
    }

    private void run() throws Exception {
        Path ffmpeg = new FfmpegLocator(System.getenv().getOrDefault("AUSPEX_EXECUTOR_FFMPEG", "auto"), System.getenv().getOrDefault("PATH", ""), folder.resolve("bin"))
                .locate()
                .orElseThrow(() -> new IOException("no ffmpeg on PATH and none comes along for this platform"));
        Optional<GpuDevice> gpu = CudaProbe.detect();
        out.printf("GPU: %s%n", gpu.isPresent() ? CudaProbe.reason() : CudaProbe.reason() + "; nothing is measured on one");
        out.printf("Processors: %d, JDK %s, ffmpeg: %s%n%n", Runtime.getRuntime().availableProcessors(), Runtime.version(), ffmpeg);
        ModelBench models = new ModelBench(folder, options.seconds());
        if (gpu.isPresent()) {
            device(gpu.get());
            ModelEnvironment onDevice = new ModelEnvironment("gpu", gpu, ffmpeg);
            models(models, onDevice, "on the GPU");
        }
        models(models, new ModelEnvironment("cpu", Optional.empty(), ffmpeg), "on processors");
        out.println("| by ffmpeg's filters, not encoded | size | per second |\n|---|---|---|");
        new FilterBench(ffmpeg, folder.resolve("picture.png")).all(options.sizes(), line -> print(line, false));
    }

    private void models(ModelBench models, ModelEnvironment environment, String where) throws Exception {
        boolean device = environment.gpu().isPresent();
        head(where + ", encoding included", device);
        models.all(environment, options.sizes(), line -> print(line, device));
        out.println();
        head(where + ", jobs back to back", device);
        for (int slots : device ? new int[] {1, 2, 4} : new int[] {1}) {
            print(models.backToBack(environment, options.sizes().getLast(), slots), device);
        }
        out.printf(Locale.ROOT, "%nA job besides its frames (a video of one frame of 16x16, encoder process included): %.1f ms%n%n", 1e3 * models.overhead(environment));
    }

    private void head(String what, boolean device) {
        out.printf("| %s | size | per second |%s%n|---|---|---|%s%n", what, device ? " device busy | kernels, launches x ms |" : "", device ? "---|---|" : "");
    }

    private void print(ModelBench.Line line, boolean device) {
        out.printf(Locale.ROOT, "| %s | %s | %.2f %s |", line.what(), line.size(), line.amount(), line.unit());
        out.println(device ? String.format(Locale.ROOT, " %.1f %% | %s |", 100 * line.device().busy(), line.device().text()) : "");
    }

    private void device(GpuDevice gpu) throws IOException {
        try (DeviceBench bench = new DeviceBench(gpu, options.seconds())) {
            out.println("| module | from PTX to kernels, ms |\n|---|---|");
            bench.compile().forEach((name, time) -> out.printf(Locale.ROOT, "| %s | %.1f |%n", name, 1e3 * time));
            out.println("\n| ceiling | ms | GB/s | GFLOP/s |\n|---|---|---|---|");
            List<DeviceBench.Pace> ceilings = bench.ceilings();
            ceilings.forEach(pace -> out.printf(Locale.ROOT, "| %s | %.3f | %.1f | %.0f |%n", pace.what(), pace.millis(), pace.bytes() / 1e9, pace.flops() / 1e9));
            double memory = ceilings.get(0).bytes();
            double arithmetic = ceilings.get(1).flops();
            out.println("\n| kernel | ms | GB/s (of the ceiling) | GFLOP/s (of the ceiling) |\n|---|---|---|---|");
            for (BenchOptions.Size size : options.sizes()) {
                bench.kernels(size).forEach(pace -> print(pace, memory, arithmetic));
            }
            bench.text().forEach(pace -> print(pace, memory, arithmetic));
            out.println();
        }
    }

    private void print(DeviceBench.Pace pace, double memory, double arithmetic) {
        out.printf(Locale.ROOT, "| %s | %.3f | %.1f (%.0f %%) | %.0f (%.0f %%) |%n",
                pace.what(), pace.millis(), pace.bytes() / 1e9, 100 * pace.bytes() / memory, pace.flops() / 1e9, 100 * pace.flops() / arithmetic);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
