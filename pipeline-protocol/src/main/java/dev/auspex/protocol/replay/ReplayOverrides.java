package dev.auspex.protocol.replay;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Priority;
import dev.auspex.protocol.VersionId;
import org.jspecify.annotations.Nullable;

/**
 * What is different from the originals. Immutable; safe for any thread.
 *
 * @param version run this version of the model; {@code null} for each one's own
 * @param hardware run on this class; {@code null} for each one's own
 * @param webhook whether the originals' webhooks are told of the new predictions; {@code null} for yes
 * @param priority of the new predictions; {@code null} for the normal one
 */
public record ReplayOverrides(
        @Nullable VersionId version,
        @Nullable HardwareClass hardware,
        @Nullable Boolean webhook,
        @Nullable Priority priority) {

    /** Everything as it was. */
    public static final ReplayOverrides NONE = new ReplayOverrides(null, null, null, null);
}
