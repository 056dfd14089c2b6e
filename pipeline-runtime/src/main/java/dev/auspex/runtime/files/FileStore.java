package dev.auspex.runtime.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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

    /** Tells the rest about a file whose content has been read, as in a form where other fields follow the file. */
    @FunctionalInterface
    interface Description {
        /** Called once, after the content's end. What it throws ends the upload. */
        NewFile read() throws IOException;
    }

    /**
     * Stores a file; it becomes visible only when it is complete.
     *
     * @param content read to its end; the caller closes it
     * @throws StorageFullException if there is no room
     * @throws StorageAwayException if the store does not answer
     * @throws IOException if the content cannot be read or stored, nothing is left behind
     */
    default StoredFile put(NewFile file, InputStream content) throws IOException {
        return put(() -> file, content);
    }

    /**
     * Stores a file that is described after its content; otherwise like {@link #put(NewFile, InputStream)}.
     *
     * @param description asked once the content has been read to its end
     */
    StoredFile put(Description description, InputStream content) throws IOException;

    /** What is known of a file; empty if there is none or it has expired. */
    Optional<StoredFile> find(FileId id) throws IOException;

    /** The content. @throws java.io.FileNotFoundException if there is no such file */
    InputStream open(FileId id) throws IOException;

    /** The content from this byte on. @throws java.io.FileNotFoundException if there is no such file */
    default InputStream open(FileId id, long from) throws IOException {
        InputStream content = open(id);
        try {
            content.skipNBytes(from);
            return content;
        } catch (IOException e) {
            content.close();
            throw e;
        }
    }

    /**
     * An address at which anybody can read the content for so long, where the store gives such: for those that may not
     * have the platform's own way in, such as containers with models.
     */
    default Optional<URI> signedUrl(FileId id, Duration valid) {
        return Optional.empty();
    }

    /** The content as a local file, where the store has one: lets a server send it without copying. */
    Optional<Path> localPath(FileId id);

    /**
     * An account's uploads, newest first.
     *
     * @param before only files older than this one; {@code null} to begin with the newest
     * @param limit at most so many
     */
    List<StoredFile> uploads(AccountId account, @Nullable FileId before, int limit) throws IOException;

    /**
     * Those of an account's uploads that are newer than one, newest first like all: of more than fit the ones next to it.
     *
     * @param after only files newer than this one
     * @param limit at most so many
     */
    List<StoredFile> newerUploads(AccountId account, FileId after, int limit) throws IOException;

    /** Removes a file. @return whether there was one */
    boolean delete(FileId id) throws IOException;

    /**
     * Removes files whose time is over and what broken writers left. Call it now and then, from any number of processes.
     *
     * @param limit at most so many
     * @return how many were removed; 0 from stores that expire files by themselves
     */
    default int deleteExpired(int limit) throws IOException {
        return 0;
    }
}
