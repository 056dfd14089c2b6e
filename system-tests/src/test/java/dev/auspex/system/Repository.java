package dev.auspex.system;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where things are on disk. */
final class Repository {

    private Repository() {}

    /** The folder with the launcher. Tests run in their module's folder, one below. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isExecutable(folder.resolve("auspex"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no launcher ./auspex in or above " + Path.of("").toAbsolutePath());
        }
        return folder;
    }

    /** This module's sources and build folder. */
    static Path module() {
        return root().resolve("system-tests");
    }

    /** A folder under {@code target} that exists. */
    static Path target(String name) throws java.io.IOException {
        return Files.createDirectories(module().resolve("target").resolve(name));
    }
}
