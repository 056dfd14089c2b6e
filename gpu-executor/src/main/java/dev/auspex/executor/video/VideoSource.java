package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a video file, decoded by ffmpeg in a process of its own: hostile bytes stay outside of this JVM. Frames
 * come as BT.709 limited range, planar 4:2:0, with even sides and at a steady rate: frames of a video whose rate changes are
 * repeated or dropped, so that each is shown when it was. All but {@link #open} belongs to one thread.
 */
public final class VideoSource implements AutoCloseable {

    /**
     * A steady rate that begins with the file: the first picture is repeated where the sound begins earlier. The matrix is
     * said, so that nothing is guessed. Sides are even.
     */
    private static final String FILTER = "fps=fps='min(%d,max(%d,source_fps))':start_time=0,".formatted(FrameRate.MAX, FrameRate.MIN)
            + "crop=trunc(iw/2)*2:trunc(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p";

    private static final int WAITING = 3;
    private static final long POLL_MILLIS = 50;
    private static final long SILENCE_SECONDS = 60;
    private static final int MOST_HEADER = 256;
    private static final byte[] END = new byte[0];

    private final Process process;
    private final LastLines errors;
    private final InputReport report;
    private final BlockingQueue<byte[]> frames = new ArrayBlockingQueue<>(WAITING);
    private final InputStream in;
    private final FrameSize size;
    private final FrameRate rate;
    private final Thread reader;
    private volatile @Nullable IOException broken;

    private VideoSource(Process process, InputReport report, LastLines errors, InputStream in, Header header) {
        this.process = process;
        this.report = report;
        this.errors = errors;
        this.in = in;
        this.size = header.size();
        this.rate = header.rate();
        this.reader = Thread.ofPlatform().name("video-reader-" + process.pid()).daemon().start(this::read);
    }

    private record Header(FrameSize size, FrameRate rate) {}

    /**
     * Starts to decode.
     *
     * @throws PictureException if it is no video, broken or too large
     * @throws CanceledException from the checkpoint
     * @throws IOException if ffmpeg does not start
     */
    public static VideoSource open(VideoFile file, Checkpoint checkpoint) throws IOException, PictureException, CanceledException {
        Process process = new ProcessBuilder(command(file)).start();
        InputReport report = new InputReport();
        LastLines errors = new LastLines(process.getErrorStream(), report::take);
        boolean opened = false;
        try {
            process.getOutputStream().close();
            InputStream in = new BufferedInputStream(process.getInputStream(), 1 << 20);
            await(process, in, checkpoint);
            Header header = header(in, file.maxSide(), errors);
            opened = true;
            return new VideoSource(process, report, errors, in, header);
        } finally {
            if (!opened) {
                process.destroyForcibly();
            }
        }
    }

    /** Size of the frames. */
    public FrameSize size() {
        return size;
    }

    /** Frames per second. */
    public FrameRate rate() {
        return rate;
    }

    /**
     * The sound that is in the file.
     *
     * @throws CanceledException if this thread is interrupted
     */
    public List<SoundStream> sound() throws CanceledException {
        return ask(report::sound);
    }

    /**
     * How long the file claims to be, in whole seconds; empty if it does not say.
     *
     * @throws CanceledException if this thread is interrupted
     */
    public Optional<Duration> duration() throws CanceledException {
        return ask(report::duration);
    }

    private interface Question<T> {
        T ask() throws InterruptedException;
    }

    private static <T> T ask(Question<T> question) throws CanceledException {
        try {
            return question.ask();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CanceledException();
        }
    }

    /**
     * The next frame.
     *
     * @return {@code null} after the last one
     * @throws PictureException if the file is broken from here on
     * @throws CanceledException from the checkpoint
     */
    public byte @Nullable [] next(Checkpoint checkpoint) throws PictureException, CanceledException {
        long since = System.nanoTime();
        while (true) {
            checkpoint.check();
            try {
                byte[] frame = frames.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (frame != null) {
                    return frame.length > 0 ? frame : ended();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CanceledException();
            }
            if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(SILENCE_SECONDS)) {
                throw new PictureException("no frame could be decoded for " + SILENCE_SECONDS + " s");
            }
        }
    }

    /** Ends the decoder. */
    @Override
    public void close() {
        process.destroyForcibly();
        reader.interrupt();
        frames.clear();
    }

    private static List<String> command(VideoFile file) {
        List<String> command = new ArrayList<>(List.of(file.ffmpeg().toString(), "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info"));
        command.addAll(file.input());
        command.addAll(List.of("-map", "0:v:0", "-an", "-sn", "-dn", "-vf", FILTER, "-f", "yuv4mpegpipe", "-strict", "-1", "pipe:1"));
        return command;
    }

    /** Until there is something to read, or nothing will come. */
    private static void await(Process process, InputStream in, Checkpoint checkpoint) throws IOException, PictureException, CanceledException {
        long since = System.nanoTime();
        try {
            while (in.available() == 0 && !process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                checkpoint.check();
                if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(SILENCE_SECONDS)) {
                    throw new PictureException("no frame could be decoded for " + SILENCE_SECONDS + " s");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CanceledException();
        }
    }

    private static Header header(InputStream in, int maxSide, LastLines errors) throws IOException, PictureException {
        String line = line(in);
        if (!line.startsWith("YUV4MPEG2 ")) {
            throw new PictureException("expected a video such as mp4, mov, webm or mkv: " + errors.last());
        }
        int width = 0;
        int height = 0;
        String rate = "";
        for (String word : line.split(" ", -1)) {
            String value = word.isEmpty() ? "" : word.substring(1);
            switch (word.isEmpty() ? ' ' : word.charAt(0)) {
                case 'W' -> width = Integer.parseInt(value);
                case 'H' -> height = Integer.parseInt(value);
                case 'F' -> rate = value;
                default -> {
                    // Interlacing, aspect and colours: made what we want by the filter.
                }
            }
        }
        if (Math.min(width, height) < FrameSize.MIN || Math.max(width, height) > maxSide) {
            throw new PictureException("frames must have sides of %d to %d pixels, are %d x %d".formatted(FrameSize.MIN, maxSide, width, height));
        }
        return new Header(new FrameSize(width, height), rate(rate));
    }

    private static FrameRate rate(String fraction) throws IOException {
        String[] parts = fraction.split(":", -1);
        try {
            return new FrameRate(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException unknown) {
            throw new IOException("ffmpeg gave no usable frame rate: " + fraction, unknown);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n' && line.length() < MOST_HEADER; b = in.read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    private void read() {
        try (InputStream pipe = in) {
            while (line(pipe).startsWith("FRAME")) {
                byte[] frame = pipe.readNBytes(size.bytes());
                if (frame.length < size.bytes()) {
                    throw new IOException("it ends within a frame");
                }
                frames.put(frame);
            }
            frames.put(END);
        } catch (IOException cut) {
            broken = cut;
            putEnd();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void putEnd() {
        try {
            frames.put(END);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private byte @Nullable [] ended() throws PictureException, CanceledException {
        try {
            boolean exited = process.waitFor(SILENCE_SECONDS, TimeUnit.SECONDS);
            if (broken != null || !exited || process.exitValue() != 0) {
                throw new PictureException("broken video: " + errors.last());
            }
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CanceledException();
        }
    }
}
