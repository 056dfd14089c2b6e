package dev.auspex.runtime.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps files that predictions take in and give out. Every method may block: never call it from an event loop. */
public interface FileStore {

    /** What the store has to be told about a new file. */
    record NewFile(
            AccountId account,
            StoredFile.Kind kind,
            String name,
            String contentType,
            ObjectNode metadata,
            @Nullable Instant expiresAt) {}

    /**
     * Stores a file; it becomes visible only when it is complete.
     *
     * @param content read to its end; the caller closes it
     * @throws IOException if the content cannot be read or stored, nothing is left behind
     */
    StoredFile put(NewFile file, InputStream content) throws IOException;

    /** What is known of a file; empty if there is none or it has expired. */
    Optional<StoredFile> find(FileId id) throws IOException;

    /** The content. @throws java.io.FileNotFoundException if there is no such file */
    InputStream open(FileId id) throws IOException;

    /** The content as a local file, where the store has one: lets a server send it without copying. */
    Optional<Path> localPath(FileId id);

    /**
     * An account's uploads, newest first.
     *
     * @param before only files older than this one; {@code null} to begin with the newest
     * @param limit at most so many
     */
    List<StoredFile> uploads(AccountId account, @Nullable FileId before, int limit) throws IOException;

    /** Removes a file. @return whether there was one */
    boolean delete(FileId id) throws IOException;
}
