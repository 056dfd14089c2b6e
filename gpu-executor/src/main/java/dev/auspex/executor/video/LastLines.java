package dev.auspex.executor.video;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Empties a process's error stream, so that it never waits for us, and keeps the last lines for a message. */
final class LastLines {

    private static final int LINES = 4;
    private static final int MAX_LINE = 300;
    private static final long WAIT_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final Deque<String> lines = new ArrayDeque<>();
    private final Function<String, Optional<String>> kept;
    private final Thread reader;

    LastLines(InputStream stream) {
        this(stream, Optional::of);
    }

    /** @param kept what of a line is kept; asked on a thread of this class */
    LastLines(InputStream stream, Function<String, Optional<String>> kept) {
        this.kept = kept;
        this.reader = Thread.ofVirtual().name("video-errors").start(() -> read(stream));
    }

    /** The last lines in order, once the stream has ended or after two seconds. */
    String last() {
        try {
            reader.join(WAIT_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        synchronized (lines) {
            return lines.isEmpty() ? "it gave no reason" : String.join(" | ", lines);
        }
    }

    private void read(InputStream stream) {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int c = text.read(); c >= 0; c = text.read()) {
                if (c == '\n' || c == '\r') {
                    kept.apply(line.toString()).ifPresent(this::keep);
                    line.setLength(0);
                } else if (line.length() < MAX_LINE) {
                    line.append((char) c);
                }
            }
            kept.apply(line.toString()).ifPresent(this::keep);
        } catch (IOException ended) {
            keep("its messages could not be read: " + ended.getMessage());
        }
    }

    private void keep(String line) {
        if (line.isBlank()) {
            return;
        }
        synchronized (lines) {
            lines.addLast(line.strip());
            if (lines.size() > LINES) {
                lines.removeFirst();
            }
        }
    }
}
