package dev.auspex.executor.cog;

import java.io.IOException;
import java.nio.file.Path;

/** Brings a file that an input names to this machine. */
@FunctionalInterface
public interface CogFiles {

    /**
     * A local copy.
     *
     * @param field where in the input it stands
     * @throws IOException with a sentence for the client
     */
    Path fetch(String field, String url) throws IOException;
}
