package dev.auspex.executor.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The same work by ffmpeg's filters, with the encoding that a draft gets. One thread. */
final class FilterBench {

    private static final int FRAMES = 24;
    private static final long LIMIT_SECONDS = 120;

    private final Path ffmpeg;
    private final Path picture;

    FilterBench(Path ffmpeg, Path picture) {
        this.ffmpeg = ffmpeg;
        this.picture = picture;
    }

    /** What ffmpeg makes of the same pictures. @param lines gets each as soon as it is measured; none where this ffmpeg lacks a filter */
    void all(List<BenchOptions.Size> sizes, Consumer<ModelBench.Line> lines) throws IOException, InterruptedException {
        for (BenchOptions.Size size : sizes) {
            int width = size.width();
            int height = size.height();
            add(lines, "ffmpeg zoompan (as zoom-in)", size, "frames", "zoompan=z='1+0.01*on':d=%d:s=%s:fps=24".formatted(FRAMES, size));
            add(lines, "ffmpeg scale=lanczos x2", size, "pictures", "loop=%d:1,scale=%d:%d,scale=%d:%d:flags=lanczos".formatted(FRAMES - 1, width / 2, height / 2, width, height));
            add(lines, "ffmpeg nlmeans (p=5, r=11), scale=lanczos x2", size, "pictures",
                    "loop=%d:1,scale=%d:%d,nlmeans=s=3:p=5:r=11,scale=%d:%d:flags=lanczos".formatted(FRAMES - 1, width / 2, height / 2, width, height));
        }
    }

    private void add(Consumer<ModelBench.Line> lines, String what, BenchOptions.Size size, String unit, String filter) throws IOException, InterruptedException {
        List<String> command = List.of(ffmpeg.toString(), "-hide_banner", "-nostdin", "-loglevel", "error", "-i", "file:" + picture,
                "-vf", filter, "-frames:v", Integer.toString(FRAMES), "-f", "null", "-");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        } else if (process.exitValue() == 0) {
            lines.accept(new ModelBench.Line(what, size.toString(), FRAMES / ((System.nanoTime() - start) / 1e9), unit, DeviceWatch.Usage.NONE));
        }
    }
}
