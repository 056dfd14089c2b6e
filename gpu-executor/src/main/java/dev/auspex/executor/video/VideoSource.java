package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a video file, decoded by ffmpeg in a process of its own: hostile bytes stay outside of this JVM, and only a
 * file is read, never what a file names (playlists, other protocols). Frames come as BT.709 limited range, planar 4:2:0, at a
 * whole number of frames per second and with even sides. {@link #next} and {@link #close} belong to one thread.
 */
public final class VideoSource implements AutoCloseable {

    /** Containers that hold their frames themselves. */
    private static final String FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,ivf,h264,hevc";

    /** Rates from 1 to 120, whole; the matrix said, so that nothing is guessed; sides even. */
    private static final String FILTER =
            "fps=fps='min(120,max(1,round(source_fps)))',crop=trunc(iw/2)*2:trunc(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p";

    private static final int WAITING = 3;
    private static final long POLL_MILLIS = 50;
    private static final long SILENCE_SECONDS = 60;
    private static final int MOST_HEADER = 256;
    private static final byte[] END = new byte[0];

    private final Process process;
    private final LastLines errors;
    private final BlockingQueue<byte[]> frames = new ArrayBlockingQueue<>(WAITING);
    private final InputStream in;
    private final FrameSize size;
    private final int framesPerSecond;
    private final Thread reader;
    private volatile @Nullable IOException broken;

    private VideoSource(Process process, LastLines errors, InputStream in, Header header) {
        this.process = process;
        this.errors = errors;
        this.in = in;
        this.size = header.size();
        this.framesPerSecond = header.framesPerSecond();
        this.reader = Thread.ofPlatform().name("video-reader-" + process.pid()).daemon().start(this::read);
    }

    private record Header(FrameSize size, int framesPerSecond) {}

    /**
     * Starts to decode.
     *
     * @param maxSide the longest side that is taken; larger frames are refused by the decoder, before it takes memory for them
     * @throws PictureException if it is no video, broken or too large
     * @throws CanceledException from the checkpoint
     * @throws IOException if ffmpeg does not start
     */
    public static VideoSource open(Path ffmpeg, Path file, int maxSide, Checkpoint checkpoint) throws IOException, PictureException, CanceledException {
        Process process = new ProcessBuilder(command(ffmpeg, file, maxSide)).start();
        LastLines errors = new LastLines(process.getErrorStream());
        boolean opened = false;
        try {
            process.getOutputStream().close();
            InputStream in = new BufferedInputStream(process.getInputStream(), 1 << 20);
            await(process, in, checkpoint);
            Header header = header(in, maxSide, errors);
            opened = true;
            return new VideoSource(process, errors, in, header);
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

    /** 1 to 120. */
    public int framesPerSecond() {
        return framesPerSecond;
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

    private static List<String> command(Path ffmpeg, Path file, int maxSide) {
        long pixels = (long) maxSide * maxSide;
        return List.of(ffmpeg.toString(), "-hide_banner", "-nostdin", "-loglevel", "error",
                "-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-max_pixels", Long.toString(pixels),
                "-i", "file:" + file, "-map", "0:v:0", "-an", "-sn", "-dn", "-vf", FILTER, "-f", "yuv4mpegpipe", "-strict", "-1", "pipe:1");
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
        int rate = 0;
        for (String word : line.split(" ", -1)) {
            String value = word.isEmpty() ? "" : word.substring(1);
            switch (word.isEmpty() ? ' ' : word.charAt(0)) {
                case 'W' -> width = Integer.parseInt(value);
                case 'H' -> height = Integer.parseInt(value);
                case 'F' -> rate = Integer.parseInt(value.split(":", -1)[0]) / Integer.parseInt(value.split(":", -1)[1]);
                default -> {
                    // Interlacing, aspect and colours: made what we want by the filter.
                }
            }
        }
        if (Math.min(width, height) < FrameSize.MIN || Math.max(width, height) > maxSide) {
            throw new PictureException("frames must have sides of %d to %d pixels, are %d x %d".formatted(FrameSize.MIN, maxSide, width, height));
        }
        return new Header(new FrameSize(width, height), Math.clamp(rate, 1, 120));
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
