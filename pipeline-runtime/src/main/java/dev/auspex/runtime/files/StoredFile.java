package dev.auspex.runtime.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a stored file.
 *
 * @param id its name in the store
 * @param account whose it is
 * @param kind uploaded by a client or produced by a model
 * @param name the file name for people, without folders
 * @param contentType its MIME type
 * @param size in bytes
 * @param sha256 of the content, lower-case hexadecimal
 * @param md5 of the content, lower-case hexadecimal
 * @param metadata what the client attached
 * @param createdAt when it was stored
 * @param expiresAt when it may be deleted; {@code null} for never
 */
public record StoredFile(
        FileId id,
        AccountId account,
        Kind kind,
        String name,
        String contentType,
        long size,
        String sha256,
        String md5,
        ObjectNode metadata,
        Instant createdAt,
        @Nullable Instant expiresAt) {

    /** Where a file came from. */
    public enum Kind {
        /** Sent by a client to {@code POST /v1/files}; listed, needs a token or a signature. */
        UPLOAD,
        /** Written by a model; its address is the permission. */
        OUTPUT
    }
}
