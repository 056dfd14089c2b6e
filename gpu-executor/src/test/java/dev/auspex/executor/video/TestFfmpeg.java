package dev.auspex.executor.video;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The ffmpeg executables of this machine, and looking into the files they made. */
public final class TestFfmpeg {

    private static final String EMBEDDED = "/org/bytedeco/ffmpeg/linux-x86_64/";

    private TestFfmpeg() {}

    /** From PATH, else the one in the bytedeco artifact. */
    public static Path path() {
        return onPath("ffmpeg").orElseGet(() -> {
            try {
                return embedded(Files.createTempDirectory("auspex-test-ffmpeg"));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    /** The executable in the bytedeco artifact, unpacked into a folder. */
    public static Path embedded(Path folder) throws IOException {
        URL executable = TestFfmpeg.class.getResource(EMBEDDED + "ffmpeg");
        if (executable == null) {
            throw new IOException("no bytedeco ffmpeg on the class path");
        }
        try (JarFile jar = ((JarURLConnection) executable.openConnection()).getJarFile()) {
            for (JarEntry entry : jar.stream().filter(e -> !e.isDirectory() && ("/" + e.getName()).startsWith(EMBEDDED)).toList()) {
                String name = entry.getName().substring(EMBEDDED.length() - 1);
                if (!name.contains("/") && !name.startsWith("libjni")) {
                    Files.copy(jar.getInputStream(entry), folder.resolve(name));
                }
            }
        }
        Path ffmpeg = folder.resolve("ffmpeg");
        if (!ffmpeg.toFile().setExecutable(true)) {
            throw new IOException("cannot be made executable: " + ffmpeg);
        }
        return ffmpeg;
    }

    /** What ffmpeg says about a file while it decodes all of it: streams, sizes, the frame count; fails on a broken file. */
    public static String decode(Path video) {
        return run(List.of(path().toString(), "-hide_banner", "-nostdin", "-xerror", "-i", video.toString(), "-map", "0:v", "-f", "null", "-"));
    }

    /** The raw frames of a video, planar 4:2:0. */
    public static byte[] frames(Path video) throws IOException {
        Path raw = Files.createTempFile("frames", ".yuv");
        try {
            run(List.of(path().toString(), "-hide_banner", "-nostdin", "-y", "-i", video.toString(), "-f", "rawvideo", "-pix_fmt", "yuv420p", raw.toString()));
            return Files.readAllBytes(raw);
        } finally {
            Files.delete(raw);
        }
    }

    /** Runs a program. @return what it said */
    public static String run(List<String> command) {
        try {
            Path log = Files.createTempFile("ffmpeg", ".log");
            Process process = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).redirectOutput(log.toFile()).start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            String text = Files.readString(log, StandardCharsets.ISO_8859_1);
            Files.delete(log);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(command + " failed:\n" + text);
            }
            return text;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /** A program on PATH. */
    public static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, program)).filter(Files::isExecutable).findFirst();
    }
}
