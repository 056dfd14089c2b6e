package dev.auspex.executor.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;

/**
 * Loads the driver's library and JCuda's bridge to it, once per process.
 *
 * <p>JCuda unpacks its bridge under a fixed name in {@code java.io.tmpdir} and loads whatever already lies there: on a shared
 * machine anybody could plant a library, and a half-written one breaks loading for good. So while its class starts, the
 * property points to a folder that only this user can enter and that goes with the process. Images avoid even that with
 * {@code -Djava.library.path}, where JCuda looks first.
 */
final class DriverLibrary {

    private static final String NAME = "libcuda.so.1";
    private static final String TEMPORARY = "java.io.tmpdir";

    /** Where drivers are mounted into containers whose loader does not know it. */
    private static final List<String> ELSEWHERE =
            List.of("/usr/local/nvidia/lib64", "/usr/lib/wsl/lib", "/run/opengl-driver/lib");

    private DriverLibrary() {}

    /** Says why there is no driver; empty when JCuda's driver class can be used. */
    static synchronized Optional<String> load() {
        // Asked before JCuda is touched: a class that failed to start cannot be started again with another path.
        if (Stream.concat(Stream.of(NAME), ELSEWHERE.stream().map(folder -> folder + "/" + NAME)).noneMatch(DriverLibrary::opens)) {
            return Optional.of("no NVIDIA driver: " + NAME + " was not found");
        }
        try {
            startBridge();
            return Optional.empty();
        } catch (IOException | LinkageError failed) {
            return Optional.of("the NVIDIA driver is there, JCuda's bridge to it does not load: " + firstLine(failed));
        }
    }

    @SuppressWarnings("restricted")
    private static boolean opens(String library) {
        try {
            // Stays open for good: the bridge is linked against the same name and then gets this one.
            var _ = library.startsWith("/")
                    ? SymbolLookup.libraryLookup(Path.of(library), Arena.global())
                    : SymbolLookup.libraryLookup(library, Arena.global());
            return true;
        } catch (IllegalArgumentException missing) {
            return false;
        }
    }

    private static void startBridge() throws IOException {
        Path folder = Files.createTempDirectory("auspex-cuda");
        String before = System.setProperty(TEMPORARY, folder.toString());
        try {
            JCudaDriver.setExceptionsEnabled(false);
        } finally {
            System.setProperty(TEMPORARY, before);
            // Linux keeps a loaded library's file until it is unloaded, whatever its name.
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException kept) {
                    throw new UncheckedIOException(kept);
                }
            });
        } catch (UncheckedIOException kept) {
            throw kept.getCause();
        }
        Files.delete(folder);
    }

    private static String firstLine(Throwable failed) {
        String message = String.valueOf(failed.getMessage());
        return message.lines().findFirst().orElse(failed.getClass().getSimpleName()).strip();
    }
}
