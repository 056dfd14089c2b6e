package dev.auspex.executor.models.upscale;

import dev.auspex.executor.video.TestFfmpeg;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Videos made for tests by ffmpeg's own sources, and what can be seen and heard in one. */
public final class TestVideos {

    private static final int SAMPLES_PER_SECOND = 8_000;

    private TestVideos() {}

    /**
     * What is heard.
     *
     * @param seconds length, from the begin of the file
     * @param begin when the first loud sample comes, in seconds
     */
    record Sound(double seconds, double begin) {}

    /** @param source a source of libavfilter; the format is the file's ending */
    public static Path make(Path file, String source, String... options) {
        return make(file, new String[] {"-f", "lavfi", "-i", source}, new String[0], options);
    }

    /** @param one an input with its options, as is the other */
    static Path make(Path file, String[] one, String[] other, String... options) {
        run(file, List.of(one), List.of(other), List.of(options));
        return file;
    }

    /** The rate as an exact fraction, such as 30000:1001. */
    static String rate(Path video) throws Exception {
        Path raw = Files.createTempFile("rate", ".y4m");
        run(raw, List.of("-i", video.toString()), List.of("-frames:v", "1"));
        String header = Files.readString(raw, StandardCharsets.ISO_8859_1).lines().findFirst().orElseThrow();
        Files.delete(raw);
        return header.replaceFirst(".* F(\\S+) .*", "$1");
    }

    /** Of the first pixel of each frame, as it lies in the file: none repeated, none dropped. */
    static int[] brightness(Path video, int width, int height) throws Exception {
        byte[] frames = TestFfmpeg.frames(video);
        int size = width * height * 3 / 2;
        int[] brightness = new int[frames.length / size];
        for (int i = 0; i < brightness.length; i++) {
            brightness[i] = frames[i * size] & 255;
        }
        return brightness;
    }

    /** Its first stream of sound, with the silence before it. */
    static Sound sound(Path video) throws Exception {
        Path raw = Files.createTempFile("sound", ".raw");
        String rate = Integer.toString(SAMPLES_PER_SECOND);
        run(raw, List.of("-i", video.toString(), "-map", "0:a:0"), List.of("-af", "aresample=async=1:first_pts=0"), List.of("-ac", "1", "-ar", rate, "-f", "s16le"));
        ShortBuffer samples = ByteBuffer.wrap(Files.readAllBytes(raw)).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        Files.delete(raw);
        int quiet = 0;
        while (quiet < samples.limit() && Math.abs(samples.get(quiet)) < 8_000) {
            quiet++;
        }
        return new Sound((double) samples.limit() / SAMPLES_PER_SECOND, (double) quiet / SAMPLES_PER_SECOND);
    }

    @SafeVarargs
    private static void run(Path file, List<String>... options) {
        List<String> command = new ArrayList<>(List.of(TestFfmpeg.path().toString(), "-hide_banner", "-nostdin", "-y"));
        for (List<String> some : options) {
            command.addAll(some);
        }
        command.add("file:" + file);
        TestFfmpeg.run(command);
    }
}
