package dev.auspex.executor.cog;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many containers are there at once, because each keeps its model in device memory: for a new one, who was not
 * used for longest is ended, and if all are at work the new one waits. Safe for any thread.
 */
final class DockerRoom {

    private static final long LOOK_MILLIS = 200;

    private final int most;
    private final Function<DockerPlace, @Nullable CogServer> serverOf;
    private final List<DockerPlace> inside = new ArrayList<>();

    /** @param serverOf whose use decides who is ended */
    DockerRoom(int most, Function<DockerPlace, @Nullable CogServer> serverOf) {
        this.most = most;
        this.serverOf = serverOf;
    }

    /** Makes room for a place. @throws CanceledException from the checkpoint */
    void enter(DockerPlace place, Checkpoint checkpoint) throws CanceledException, InterruptedException {
        while (!tryEnter(place)) {
            checkpoint.check();
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private boolean tryEnter(DockerPlace place) {
        DockerPlace leaves;
        synchronized (this) {
            if (inside.contains(place) || inside.size() < most) {
                inside.remove(place);
                inside.add(place);
                return true;
            }
            leaves = idle().orElse(null);
        }
        if (leaves != null) {
            leaves.close();
        }
        return false;
    }

    private Optional<DockerPlace> idle() {
        return inside.stream()
                .filter(place -> {
                    CogServer server = serverOf.apply(place);
                    return server == null || server.running().get() == 0;
                })
                .min(Comparator.comparingLong(place -> {
                    CogServer server = serverOf.apply(place);
                    return server == null ? Long.MIN_VALUE : server.usedAtNanos();
                }));
    }

    /** A container has ended. */
    synchronized void leave(DockerPlace place) {
        inside.remove(place);
    }
}
