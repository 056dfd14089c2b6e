package dev.auspex.executor.cog;

import java.util.List;

/**
 * How containers are started.
 *
 * @param host Docker's address; empty for the usual one
 * @param pull when images are fetched
 * @param bounds what a container may take
 * @param gpus which devices containers of a GPU class get
 * @param network how it is connected
 */
public record DockerSettings(String host, Pull pull, Bounds bounds, List<String> gpus, Network network) {

    /** Every device there is. */
    public static final List<String> ALL_GPUS = List.of("all");

    /** When an image is fetched. */
    public enum Pull {
        MISSING,
        ALWAYS,
        NEVER
    }

    /**
     * What a container may take.
     *
     * @param memory bytes; 0 for no bound
     * @param pids processes and threads
     * @param containers how many may be there at once; who was not used for longest is ended
     */
    public record Bounds(long memory, int pids, int containers) {}

    /**
     * How a container is connected.
     *
     * @param name a network of Docker's
     * @param listen an address of this machine that containers reach; empty for the network's gateway
     */
    public record Network(String name, String listen) {}

    /** Copies the list. */
    public DockerSettings {
        gpus = List.copyOf(gpus);
    }
}
