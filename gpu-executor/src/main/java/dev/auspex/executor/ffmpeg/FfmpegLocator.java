package dev.auspex.executor.ffmpeg;

import dev.auspex.runtime.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds an ffmpeg that runs: the configured one, else the one on {@code PATH}, else the one in the bytedeco jar, unpacked
 * once into the data folder. Blocks for up to a second the first time.
 */
public final class FfmpegLocator {

    private static final Logger LOG = LoggerFactory.getLogger(FfmpegLocator.class);
    private static final String AUTO = "auto";
    private static final String NAME = "ffmpeg";
    private static final int PROBE_SECONDS = 20;

    private final String configured;
    private final String path;
    private final Path binFolder;

    /**
     * @param configured {@code auto} or a path
     * @param path the {@code PATH} of this process
     * @param binFolder where the bundled one is unpacked
     */
    public FfmpegLocator(String configured, String path, Path binFolder) {
        this.configured = configured;
        this.path = path;
        this.binFolder = binFolder;
    }

    /**
     * The executable; empty if there is none that runs.
     *
     * @throws ConfigException if a configured one does not run
     */
    public Optional<Path> locate() {
        if (!AUTO.equals(configured)) {
            Path named = Path.of(configured);
            if (!runs(named)) {
                throw new ConfigException("executor.ffmpeg (AUSPEX_EXECUTOR_FFMPEG): is '" + configured
                        + "', expected auto or an ffmpeg executable that runs");
            }
            return found(named, "executor.ffmpeg");
        }
        for (String folder : path.split(java.io.File.pathSeparator)) {
            Path candidate = folder.isEmpty() ? Path.of(NAME) : Path.of(folder, NAME);
            if (Files.isExecutable(candidate) && runs(candidate)) {
                return found(candidate, "PATH");
            }
        }
        try {
            Optional<Path> bundled = unpack();
            if (bundled.isPresent() && runs(bundled.get())) {
                return found(bundled.get(), "bundled");
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("bundled ffmpeg not unpacked");
        }
        LOG.atWarn().log("no ffmpeg found: models that need it will fail");
        return Optional.empty();
    }

    private static Optional<Path> found(Path ffmpeg, String where) {
        LOG.atInfo().addKeyValue("ffmpeg", ffmpeg).addKeyValue("from", where).log("ffmpeg found");
        return Optional.of(ffmpeg);
    }

    private static boolean runs(Path candidate) {
        try {
            Process process = new ProcessBuilder(candidate.toString(), "-version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<Path> unpack() throws IOException {
        String folder = "org/bytedeco/ffmpeg/" + platform() + "/";
        URL resource = FfmpegLocator.class.getClassLoader().getResource(folder + NAME);
        if (resource == null || !(resource.openConnection() instanceof JarURLConnection connection)) {
            return Optional.empty();
        }
        try (JarFile jar = new JarFile(Path.of(java.net.URI.create(connection.getJarFileURL().toString())).toFile())) {
            String version = Path.of(jar.getName()).getFileName().toString().replace(".jar", "");
            Path home = binFolder.resolve(version);
            Files.createDirectories(binFolder);
            // Another process of the installation may be unpacking the same.
            try (FileChannel channel = FileChannel.open(
                            binFolder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && Files.notExists(home.resolve(NAME))) {
                    unpack(jar, folder, home);
                }
            }
            return Optional.of(home.resolve(NAME));
        }
    }

    // The executable comes last: where it is, the libraries are.
    private static void unpack(JarFile jar, String folder, Path home) throws IOException {
        Files.createDirectories(home);
        List<JarEntry> entries = new ArrayList<>(jar.stream()
                .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(folder))
                .filter(entry -> isNeeded(entry.getName().substring(folder.length())))
                .toList());
        entries.sort(java.util.Comparator.comparing(entry -> entry.getName().equals(folder + NAME)));
        for (JarEntry entry : entries) {
            Path target = home.resolve(entry.getName().substring(folder.length()));
            Path part = home.resolve(target.getFileName() + ".part");
            try (InputStream content = jar.getInputStream(entry)) {
                Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!part.toFile().setExecutable(true, true)) {
                throw new IOException("cannot make " + part + " executable");
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    // Not the bindings to Java, nor ffprobe.
    private static boolean isNeeded(String name) {
        return name.equals(NAME) || (name.contains(".so") && !name.startsWith("libjni") && name.indexOf('/') < 0);
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "macosx" : "linux";
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return os + (machine.equals("aarch64") ? "-arm64" : "-x86_64");
    }
}
