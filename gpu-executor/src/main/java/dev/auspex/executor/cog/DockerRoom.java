package dev.auspex.executor.cog;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Bounds how many containers are there at once, because each keeps its model in device memory: for a new one, who was not
 * used for longest is ended, and if all are needed the new one waits. Safe for any thread.
 */
final class DockerRoom {

    private static final long LOOK_MILLIS = 200;

    private final int most;
    private final List<DockerPlace> inside = new ArrayList<>();

    DockerRoom(int most) {
        this.most = most;
    }

    /** Makes room for a place. @throws CanceledException from the checkpoint */
    void enter(DockerPlace place, Checkpoint checkpoint) throws CanceledException, InterruptedException {
        while (!tryEnter(place)) {
            checkpoint.check();
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private boolean tryEnter(DockerPlace place) {
        Optional<DockerPlace> leaves;
        synchronized (this) {
            if (inside.contains(place)) {
                return true;
            }
            if (inside.size() < most) {
                return inside.add(place);
            }
            long now = System.nanoTime();
            leaves = inside.stream()
                    .filter(DockerPlace::isUnused)
                    .max(Comparator.comparingLong(other -> now - other.usedAtNanos()));
        }
        leaves.ifPresent(DockerPlace::retire);
        return false;
    }

    /** A container has ended. */
    synchronized void leave(DockerPlace place) {
        inside.remove(place);
    }
}
