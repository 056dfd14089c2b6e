package dev.auspex.executor.video;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes H.264 mp4 files with an ffmpeg executable: one process per video, fed through a pipe, so that encoding runs on other
 * cores and a crash in it stays outside this JVM. Safe for use by many threads.
 */
public final class VideoEncoder {

    /** Environment variable that names an encoder instead of letting the best one be chosen. */
    public static final String CHOICE = "AUSPEX_VIDEO_ENCODER";

    private static final long PROBE_SECONDS = 30;

    private final Path ffmpeg;
    private final H264Encoder encoder;

    private VideoEncoder(Path ffmpeg, H264Encoder encoder) {
        this.ffmpeg = ffmpeg;
        this.encoder = encoder;
    }

    /**
     * Asks an ffmpeg what it can encode and takes the best, or the one that {@link #CHOICE} names.
     *
     * @throws IOException if it does not run, or has no H.264 encoder of ours; the message is for the operator
     */
    public static VideoEncoder probe(Path ffmpeg) throws IOException {
        return probe(ffmpeg, System.getenv().getOrDefault(CHOICE, "auto"));
    }

    /**
     * Asks an ffmpeg what it can encode.
     *
     * @param choice an encoder's name as ffmpeg writes it, or {@code auto}
     * @throws IOException if it does not run, or has no such encoder
     */
    public static VideoEncoder probe(Path ffmpeg, String choice) throws IOException {
        Set<String> offered = encoders(ffmpeg);
        Stream<H264Encoder> wanted = choice.equals("auto")
                ? Stream.of(H264Encoder.LIBX264, H264Encoder.LIBOPENH264)
                : Stream.of(H264Encoder.values()).filter(encoder -> encoder.codec().equals(choice));
        H264Encoder encoder = wanted.filter(candidate -> offered.contains(candidate.codec()))
                .findFirst()
                .orElseThrow(() -> new IOException(choice.equals("auto")
                        ? ffmpeg + " has neither libx264 nor libopenh264"
                        : "%s=%s: %s has no such H.264 encoder; known are %s".formatted(CHOICE, choice, ffmpeg, known())));
        return new VideoEncoder(ffmpeg, encoder);
    }

    /** What encodes. */
    public H264Encoder encoder() {
        return encoder;
    }

    /**
     * Starts a video; close the stream in any case.
     *
     * @param file where it goes; exists afterwards only if {@link VideoStream#finish} returned
     * @throws PictureException if this encoder cannot make frames of that size
     * @throws IOException if ffmpeg does not start
     */
    public VideoStream open(VideoFormat format, Path file) throws IOException, PictureException {
        var refusal = encoder.refusal(format.size());
        if (refusal.isPresent()) {
            throw new PictureException(refusal.get());
        }
        Process process = new ProcessBuilder(command(format, file))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new VideoStream(process, format.size(), file);
    }

    private List<String> command(VideoFormat format, Path file) {
        List<String> command = new ArrayList<>(List.of(ffmpeg.toString(), "-hide_banner", "-nostdin", "-loglevel", "error", "-y"));
        command.addAll(List.of("-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", format.size().toString()));
        command.addAll(List.of("-framerate", format.rate().toString()));
        // The frames are made in these colours already; said on both sides so that nothing is converted.
        command.addAll(colours());
        command.addAll(List.of("-i", "pipe:0", "-an", "-c:v", encoder.codec()));
        command.addAll(encoder.arguments(format));
        command.addAll(colours());
        command.addAll(List.of("-pix_fmt", "yuv420p", "-g", Long.toString(Math.round(2 * format.rate().perSecond()))));
        // Bit-exact: the same input gives the same file, without dates and versions of programs in it.
        command.addAll(List.of("-flags:v", "+bitexact", "-fflags", "+bitexact", "-map_metadata", "-1"));
        command.addAll(List.of("-movflags", "+faststart", "-f", "mp4", "file:" + file));
        return command;
    }

    private static List<String> colours() {
        return List.of("-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709");
    }

    private static String known() {
        return Stream.of(H264Encoder.values()).map(H264Encoder::codec).collect(Collectors.joining(", "));
    }

    private static Set<String> encoders(Path ffmpeg) throws IOException {
        Path list = Files.createTempFile("auspex-encoders", ".txt");
        Process process = null;
        try {
            process = new ProcessBuilder(ffmpeg.toString(), "-hide_banner", "-nostdin", "-encoders")
                    .redirectErrorStream(true)
                    .redirectOutput(list.toFile())
                    .start();
            if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(ffmpeg + " did not list its encoders within " + PROBE_SECONDS + " s");
            }
            String text = Files.readString(list, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            return text.lines().map(line -> line.strip().split("\\s+")).filter(words -> words.length > 1).map(words -> words[1]).collect(Collectors.toSet());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking " + ffmpeg + " for its encoders", interrupted);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(list);
        }
    }
}
