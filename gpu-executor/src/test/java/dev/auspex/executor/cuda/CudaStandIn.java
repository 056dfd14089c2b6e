package dev.auspex.executor.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Builds the test double of NVIDIA's driver library (src/test/cuda/standin.cpp) and runs Java programs on it. A program runs
 * in a JVM of its own: the loader looks for libcuda once, along a path that is fixed when a process starts.
 */
public final class CudaStandIn {

    private static final Path SOURCE = Path.of("src/test/cuda/standin.cpp");
    private static final Path KERNELS = Path.of("src/main/cuda");

    private CudaStandIn() {}

    /** The folder of the library, compiled once for all tests; the calling test is skipped where there is no g++. */
    public static Path build() throws Exception {
        assumeTrue(onPath("g++"), "g++ is not installed: the CUDA path cannot be tested without a GPU and without g++");
        return Built.FOLDER;
    }

    /** Compiles it when the first test asks. */
    private static final class Built {
        static final Path FOLDER = compile();
    }

    private static Path compile() {
        try {
            Path folder = Files.createDirectories(Path.of("target", "cuda-stand-in").toAbsolutePath());
            Path library = folder.resolve("libcuda.so.1");
            Result compiled = run(
                    List.of("g++", "-O2", "-std=c++17", "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-I", KERNELS.toString(), SOURCE.toString(), "-o", library.toString()),
                    Map.of());
            if (compiled.code() != 0) {
                throw new AssertionError("the stand-in does not compile:\n" + compiled.output());
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the stand-in was compiled", e);
        }
    }

    /** Runs a main class with this test's class path. @param folder where the stand-in is, or an empty one for no driver */
    public static Result java(Path folder, Map<String, String> environment, Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx512m",
                "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("LD_LIBRARY_PATH", folder.toString());
        return run(command, all);
    }

    /** How a process ended. */
    public record Result(int code, String output) {}

    private static Result run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        Path log = Files.createTempFile("standin", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("took longer than 120 s: " + command);
            }
            return new Result(process.exitValue(), Files.readString(log));
        } finally {
            Files.delete(log);
        }
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
