package dev.auspex.executor.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of one attempt, made when somebody asks for it and gone with {@link #close}. One thread at a time. */
final class WorkFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);

    private final Path place;
    private boolean made;

    WorkFolder(Path parent, String name) {
        this.place = parent.resolve(name);
    }

    /** @throws UncheckedIOException if it cannot be made */
    synchronized Path path() {
        if (!made) {
            try {
                Files.createDirectories(place);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            made = true;
        }
        return place;
    }

    @Override
    public synchronized void close() {
        if (made) {
            made = false;
            delete(place);
        }
    }

    /** Removes a folder and all in it; what cannot be removed is logged. */
    static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("work folder not removed");
        }
    }
}
