package dev.auspex.system.house.counterexample.domain;

import java.nio.file.Files;
import java.nio.file.Path;

/** A decision that depends on a disk. */
final class DecidesWithFiles {

    boolean decide() {
        return Files.exists(Path.of("switch"));
    }
}
