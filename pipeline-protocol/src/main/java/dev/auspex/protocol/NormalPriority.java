package dev.auspex.protocol;

import org.jspecify.annotations.Nullable;

/** Keeps the usual priority out of records: Jackson leaves out what equals an object of this class. */
public final class NormalPriority {

    @Override
    @SuppressWarnings("EqualsUnsafeCast") // equal to the value that is left out, as Jackson's value filters have to be
    public boolean equals(@Nullable Object other) {
        return other == Priority.NORMAL;
    }

    @Override
    public int hashCode() {
        return Priority.NORMAL.hashCode();
    }
}
