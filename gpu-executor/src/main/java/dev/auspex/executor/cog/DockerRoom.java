package dev.auspex.executor.cog;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Bounds how many containers are there at once, because each keeps its model in device memory. A job's new one ends who was
 * not used for longest, those that are to be kept last; if all are needed it waits. One that is only to be kept ends none that
 * is wanted as much, and none that a job has used lately: jobs that come one by one must not find it gone each time. Safe for
 * any thread.
 */
final class DockerRoom {

    private static final long LOOK_MILLIS = 200;

    private final int most;
    private final Duration idle;
    private final List<DockerPlace> inside = new ArrayList<>();

    /** @param idle how long no job has used a container before it makes room for one that is only to be kept */
    DockerRoom(int most, Duration idle) {
        this.most = most;
        this.idle = idle;
    }

    /**
     * Makes room for a place.
     *
     * @throws CogException if a job needs it and there will be none: others are to be kept always
     * @throws CanceledException from the checkpoint
     */
    void enter(DockerPlace place, Checkpoint checkpoint) throws CogException, CanceledException, InterruptedException {
        while (!tryEnter(place)) {
            checkpoint.check();
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private boolean tryEnter(DockerPlace place) throws CogException {
        Optional<DockerPlace> leaves;
        synchronized (this) {
            if (inside.contains(place)) {
                return true;
            }
            if (inside.size() < most) {
                return inside.add(place);
            }
            if (!place.isUnused() && inside.stream().allMatch(other -> other.hold() == CogHold.ALWAYS)) {
                throw new CogException("every container of this worker is kept for other models", false, null);
            }
            long now = System.nanoTime();
            leaves = inside.stream()
                    .filter(DockerPlace::isUnused)
                    .filter(other -> mayLeave(other, place, now))
                    .min(Comparator.<DockerPlace, CogHold>comparing(DockerPlace::hold)
                            .thenComparingLong(other -> other.usedAtNanos() - now));
        }
        leaves.ifPresent(DockerPlace::retire);
        return false;
    }

    private boolean mayLeave(DockerPlace other, DockerPlace place, long now) {
        if (place.isUnused()) {
            return other.hold().compareTo(place.hold()) < 0 && now - other.usedAtNanos() >= idle.toNanos();
        }
        return other.hold() != CogHold.ALWAYS;
    }

    /** A container has ended. */
    synchronized void leave(DockerPlace place) {
        inside.remove(place);
    }
}
