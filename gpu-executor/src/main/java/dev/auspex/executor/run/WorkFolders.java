package dev.auspex.executor.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The parent of the attempts' folders. */
public final class WorkFolders {

    /** No attempt lasts longer; younger folders may belong to another executor on the same data folder. */
    private static final Duration LEFT_OVER = Duration.ofDays(2);

    private WorkFolders() {}

    /** Makes the parent and removes what killed processes left. @return the parent */
    public static Path prepare(Path parent, Clock clock) throws IOException {
        Files.createDirectories(parent);
        Instant old = clock.instant().minus(LEFT_OVER);
        try (Stream<Path> folders = Files.list(parent)) {
            List<Path> all = folders.toList();
            for (Path folder : all) {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(old)) {
                    WorkFolder.delete(folder);
                }
            }
        }
        return parent;
    }
}
