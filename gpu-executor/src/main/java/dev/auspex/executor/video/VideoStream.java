package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A video being encoded. The caller takes an empty frame, fills it and sends it; a thread of this class writes sent frames
 * into the encoder's pipe meanwhile, so that computing and encoding overlap. {@link #take}, {@link #send}, {@link #finish}
 * and {@link #close} belong to one thread.
 */
public final class VideoStream implements AutoCloseable {

    /** One being computed, one waiting, one being written. */
    private static final int FRAMES = 3;

    private static final long POLL_MILLIS = 50;
    private static final long EXIT_SECONDS = 10;
    private static final byte[] END = new byte[0];

    private final Process process;
    private final Path file;
    private final LastLines errors;
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(FRAMES);
    private final BlockingQueue<byte[]> filled = new ArrayBlockingQueue<>(FRAMES + 1);
    private final Thread writer;
    private volatile @Nullable IOException broken;
    private boolean finished;

    VideoStream(Process process, FrameSize size, Path file) {
        this.process = process;
        this.file = file;
        this.errors = new LastLines(process.getErrorStream());
        for (int i = 0; i < FRAMES; i++) {
            empty.add(new byte[size.bytes()]);
        }
        this.writer = Thread.ofPlatform().name("video-writer-" + process.pid()).daemon().start(this::write);
    }

    /**
     * An empty frame to fill; waits while the encoder is behind.
     *
     * @throws CanceledException from the checkpoint
     * @throws IOException if the encoder failed; the message says with what
     */
    public byte[] take(Checkpoint checkpoint) throws IOException, CanceledException {
        while (true) {
            checkpoint.check();
            failIfBroken();
            try {
                byte[] frame = empty.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (frame != null) {
                    return frame;
                }
            } catch (InterruptedException interrupted) {
                throw stopped();
            }
        }
    }

    /** Hands a filled frame over; it must have come from {@link #take}. */
    public void send(byte[] frame) {
        filled.add(frame);
    }

    /**
     * Waits until every frame is encoded and the file is complete.
     *
     * @throws CanceledException from the checkpoint
     * @throws IOException if the encoder failed
     */
    public void finish(Checkpoint checkpoint) throws IOException, CanceledException {
        filled.add(END);
        try {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                checkpoint.check();
            }
            writer.join();
        } catch (InterruptedException interrupted) {
            throw stopped();
        }
        failIfBroken();
        if (process.exitValue() != 0 || !Files.isRegularFile(file)) {
            throw new IOException("the video encoder ended with " + process.exitValue() + ": " + errors.last());
        }
        finished = true;
    }

    /** Ends the encoder if it still runs, and removes an unfinished file. */
    @Override
    public void close() throws IOException {
        if (finished) {
            return;
        }
        process.destroyForcibly();
        writer.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS);
            writer.join(TimeUnit.SECONDS.toMillis(EXIT_SECONDS));
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        Files.deleteIfExists(file);
    }

    private void write() {
        try (OutputStream pipe = process.getOutputStream()) {
            for (byte[] frame = filled.take(); frame.length > 0; frame = filled.take()) {
                pipe.write(frame);
                empty.add(frame);
            }
        } catch (IOException refused) {
            broken = refused;
        } catch (InterruptedException closing) {
            // The stream was closed unfinished: the process is being ended, nobody waits for this thread's frames.
            Thread.currentThread().interrupt();
        }
    }

    private void failIfBroken() throws IOException {
        IOException refused = broken;
        if (refused != null) {
            throw new IOException("the video encoder stopped: " + errors.last(), refused);
        }
    }

    private static CanceledException stopped() {
        Thread.currentThread().interrupt();
        return new CanceledException();
    }
}
