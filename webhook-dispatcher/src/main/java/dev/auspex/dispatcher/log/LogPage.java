package dev.auspex.dispatcher.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some entries, newest first.
 *
 * @param entries those found
 * @param next where the next page begins; {@code null} if this was the last. A page may be short, even empty, and have a
 *     next one: a look-up goes only so far
 */
public record LogPage(List<LogEntry> entries, @Nullable LogPosition next) {

    /** Copies the list. */
    public LogPage {
        entries = List.copyOf(entries);
    }
}
