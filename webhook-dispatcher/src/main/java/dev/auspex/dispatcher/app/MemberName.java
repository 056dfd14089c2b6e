package dev.auspex.dispatcher.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The name under which this installation's dispatcher is a static member of its groups, kept in its folder: after a
 * restart, clean or not, it has its partitions back at once instead of after the old session's end.
 */
final class MemberName {

    private MemberName() {}

    /** The name in the folder; made if there is none. */
    static String in(Path folder) throws IOException {
        Path file = folder.resolve("member");
        if (Files.notExists(file)) {
            Files.createDirectories(folder);
            Files.writeString(file, "dispatcher-" + UUID.randomUUID() + "\n");
        }
        return Files.readString(file).strip();
    }
}
