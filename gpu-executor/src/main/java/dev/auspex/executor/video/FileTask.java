package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A run of ffmpeg that makes one file while its owner does something else. One thread. */
final class FileTask implements AutoCloseable {

    private static final long POLL_MILLIS = 50;
    private static final long EXIT_SECONDS = 10;

    private final Process process;
    private final LastLines errors;
    private final Path file;

    private FileTask(Process process, Path file) {
        this.process = process;
        this.errors = new LastLines(process.getErrorStream());
        this.file = file;
    }

    /**
     * Starts it.
     *
     * @param options all but the executable and the output
     * @param file the mp4 file to make
     * @throws IOException if ffmpeg does not start
     */
    static FileTask start(Path ffmpeg, List<String> options, Path file) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(ffmpeg.toString(), "-hide_banner", "-nostdin", "-loglevel", "error", "-y"));
        command.addAll(options);
        // Bit-exact: without dates and versions of programs in it, and without what the original says of itself.
        command.addAll(List.of("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-f", "mp4", "file:" + file));
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        return new FileTask(process, file);
    }

    /**
     * Waits for its end.
     *
     * @param seconds at most
     * @return why there is no file; empty when it is there
     * @throws CanceledException from the checkpoint
     */
    Optional<String> await(long seconds, Checkpoint checkpoint) throws CanceledException {
        long since = System.nanoTime();
        try {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                checkpoint.check();
                if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(seconds)) {
                    return Optional.of("it was not done after " + seconds + " s");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CanceledException();
        }
        return process.exitValue() == 0 && Files.isRegularFile(file) ? Optional.empty() : Optional.of(errors.last());
    }

    /** Ends it if it still runs, and removes its file. */
    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        boolean interrupted = Thread.interrupted();
        try {
            process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(file);
    }
}
