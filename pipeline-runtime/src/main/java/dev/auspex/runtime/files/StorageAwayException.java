package dev.auspex.runtime.files;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The store of the files does not answer, or not as it should; the same may work later. */
public final class StorageAwayException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message without anything secret */
    public StorageAwayException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
