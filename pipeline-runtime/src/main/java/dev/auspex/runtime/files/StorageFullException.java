package dev.auspex.runtime.files;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** There is no room for a file. Nothing of it was kept; trying again helps once room has been made. */
public final class StorageFullException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What the C library says for ENOSPC and EDQUOT, and Windows for a full disk: the JDK passes only the text on. */
    private static final List<String> MESSAGES =
            List.of("no space left on device", "quota exceeded", "not enough space on the disk");

    /** @param cause what the file system answered */
    public StorageFullException(IOException cause) {
        super("the file store has no room left", cause);
    }

    /** Whether this is a file system's way of saying that it, or somebody's share of it, is full. */
    public static boolean isMeantBy(IOException failure) {
        String message = failure.getMessage();
        if (message == null) {
            return false;
        }
        String text = message.toLowerCase(Locale.ROOT);
        return MESSAGES.stream().anyMatch(text::contains);
    }
}
