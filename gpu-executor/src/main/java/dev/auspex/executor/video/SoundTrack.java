package dev.auspex.executor.video;

import dev.auspex.model.CanceledException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The sound of a video, on its way from one file to another. An ffmpeg process of its own takes it out of the original while
 * the frames are worked on; when they are done it is laid beside them. It is copied where an mp4 file may hold it, else made
 * AAC. Sound that cannot be had costs the sound, not the video. One thread.
 */
public final class SoundTrack implements AutoCloseable {

    private static final int MOST_STREAMS = 8;

    /** For sound that is not there when the last frame is. */
    private static final long PATIENCE_SECONDS = 120;

    private final VideoFile original;
    private final List<SoundStream> streams;
    private final Duration most;
    private final Path file;
    private @Nullable FileTask extraction;

    private SoundTrack(VideoFile original, List<SoundStream> streams, Duration most, Path file) {
        this.original = original;
        this.streams = streams;
        this.most = most;
        this.file = file;
    }

    /**
     * Starts to take the sound out; without any, nothing is started.
     *
     * @param streams what there is; eight are taken
     * @param most what comes later is not read
     * @param folder for a file that is gone after {@link #close}
     * @throws IOException if ffmpeg does not start
     */
    public static SoundTrack start(VideoFile original, List<SoundStream> streams, Duration most, Path folder) throws IOException {
        List<SoundStream> taken = streams.stream().limit(MOST_STREAMS).toList();
        SoundTrack sound = new SoundTrack(original, taken, most, folder.resolve("sound.mp4"));
        if (!taken.isEmpty()) {
            sound.extraction = sound.extract(true);
        }
        return sound;
    }

    /** What becomes of each stream, for the prediction's log. */
    public String plan() {
        return streams.isEmpty() ? "none" : streams.stream().map(stream -> stream.codec() + (stream.fitsMp4() ? " copied" : " to AAC")).collect(Collectors.joining(", "));
    }

    /**
     * Lays the sound beside the pictures.
     *
     * @param video a file with pictures only; replaced by one with both
     * @param length of the pictures; sound that goes on longer is cut
     * @return why the video stays without its sound; empty when it has it, or there was none
     * @throws CanceledException from the checkpoint
     * @throws IOException if ffmpeg does not start, or the file cannot be replaced
     */
    public Optional<String> addTo(Path video, Duration length, Checkpoint checkpoint) throws IOException, CanceledException {
        FileTask first = extraction;
        if (first == null) {
            return Optional.empty();
        }
        Optional<String> missing = first.await(PATIENCE_SECONDS, checkpoint);
        if (missing.isPresent() && streams.stream().anyMatch(SoundStream::fitsMp4)) {
            // A format that suits mp4 in general may not do so as it is here; decoded and encoded again it does.
            first.close();
            FileTask second = extract(false);
            extraction = second;
            missing = second.await(PATIENCE_SECONDS, checkpoint);
        }
        return missing.isPresent() ? missing : join(video, length, checkpoint);
    }

    /** Ends what still runs and removes the sound's own file. */
    @Override
    public void close() throws IOException {
        if (extraction != null) {
            extraction.close();
        }
    }

    private FileTask extract(boolean copying) throws IOException {
        List<String> options = new ArrayList<>(original.input());
        for (int i = 0; i < streams.size(); i++) {
            SoundStream stream = streams.get(i);
            options.addAll(List.of("-map", "0:" + stream.index(), "-c:a:" + i, copying && stream.fitsMp4() ? "copy" : "aac"));
        }
        options.addAll(List.of("-flags:a", "+bitexact", "-t", seconds(most)));
        return FileTask.start(original.ffmpeg(), options, file);
    }

    /** Times stay as they are in both files: that is how sound that begins later than the pictures stays in step. */
    private Optional<String> join(Path video, Duration length, Checkpoint checkpoint) throws IOException, CanceledException {
        List<String> options = List.of(
                "-copyts", "-protocol_whitelist", "file", "-f", "mov", "-i", "file:" + video,
                "-protocol_whitelist", "file", "-f", "mov", "-i", "file:" + file,
                "-map", "0:v:0", "-map", "1:a", "-c", "copy", "-t", seconds(length), "-movflags", "+faststart");
        Path joined = file.resolveSibling("joined.mp4");
        try (FileTask task = FileTask.start(original.ffmpeg(), options, joined)) {
            Optional<String> failed = task.await(PATIENCE_SECONDS, checkpoint);
            if (failed.isEmpty()) {
                Files.move(joined, video, StandardCopyOption.REPLACE_EXISTING);
            }
            return failed;
        }
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.6f", duration.toNanos() / 1e9);
    }
}
