package dev.auspex.router.kafka;

import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionState;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Lets through as many of a deployment's jobs at once as it may have instances. Gateways choose the ids of a deployment's
 * predictions so that all of them, and the deployment, are in one partition: whoever has it counts alone. The store
 * {@code gates} has an entry for each job that waits here ({@code h/<deployment>/<id>}; ids sort by time) and for each that
 * was let through and has not ended ({@code r/…}), written in the transactions of the moves (ADR 28). One thread, the task's.
 */
final class DeploymentGate {

    private static final String HELD = "h/";
    private static final String RELEASED = "r/";
    private static final char AFTER_SEPARATOR = '0';
    private static final byte[] NOTHING = {};
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private final KeyValueStore<String, byte[]> gates;
    private final KeyValueStore<String, byte[]> deployments;
    private final Queue queue;

    /** Where jobs go that were let through. */
    @FunctionalInterface
    interface Queue {
        /** Puts a job there if it still waits. @return whether it did */
        boolean release(Parsed prediction);
    }

    /**
     * @param gates what waits and what was let through
     * @param deployments what is allowed
     * @param queue of the executors
     */
    DeploymentGate(
            KeyValueStore<String, byte[]> gates, KeyValueStore<String, byte[]> deployments, Queue queue) {
        this.gates = gates;
        this.deployments = deployments;
        this.queue = queue;
    }

    /** A job has come that no executor has been shown. */
    void arrived(Job job) {
        DeploymentName deployment = job.deployment();
        if (deployment == null) {
            queue.release(new Parsed(job.account(), job.id(), new PredictionInput.Released(), null));
            return;
        }
        gates.put(HELD + deployment + "/" + job.id(), NOTHING);
        admit(deployment);
    }

    /** A prediction has moved; the end of one lets the next one through. */
    void moved(PredictionState before, PredictionState after) {
        if (after instanceof PredictionState.Known known
                && known.job().deployment() != null
                && after.phase().isTerminal()
                && !before.phase().isTerminal()) {
            gone(known.job());
        }
    }

    /** A prediction is forgotten that never ended. */
    void left(byte[] stored) {
        if (!StateCodec.isQueued(stored)) {
            return;
        }
        if (StateCodec.decode(stored).state() instanceof PredictionState.Known known
                && known.job().deployment() != null) {
            gone(known.job());
        }
    }

    private void gone(Job job) {
        DeploymentName deployment = java.util.Objects.requireNonNull(job.deployment());
        gates.delete(HELD + deployment + "/" + job.id());
        String released = RELEASED + deployment + "/" + job.id();
        if (gates.get(released) != null) {
            gates.delete(released);
            admit(deployment);
        }
    }

    /** Lets through what may: after an end, or after the deployment has been changed or removed. */
    void admit(DeploymentName deployment) {
        int instances = instances(deployment);
        int free = instances == UNBOUNDED ? UNBOUNDED : instances - running(deployment);
        while (free > 0) {
            Optional<String> next = first(deployment);
            if (next.isEmpty()) {
                return;
            }
            String id = next.get();
            gates.delete(HELD + deployment + "/" + id);
            String key = deployment.owner() + "/" + id;
            if (queue.release(Parsed.of(key, new PredictionInput.Released()))) {
                gates.put(RELEASED + deployment + "/" + id, NOTHING);
                free--;
            }
        }
    }

    // What was submitted through a deployment that is gone runs like anything else.
    private int instances(DeploymentName deployment) {
        byte[] stored = deployments.get(deployment.toString());
        return stored == null
                ? UNBOUNDED
                : Serdes.DEPLOYMENT.deserialize(stored).release().maxInstances();
    }

    private int running(DeploymentName deployment) {
        int count = 0;
        try (KeyValueIterator<String, byte[]> entries = entries(RELEASED, deployment)) {
            while (entries.hasNext()) {
                entries.next();
                count++;
            }
        }
        return count;
    }

    private Optional<String> first(DeploymentName deployment) {
        try (KeyValueIterator<String, byte[]> entries = entries(HELD, deployment)) {
            return entries.hasNext()
                    ? Optional.of(entries.peekNextKey().substring(HELD.length() + deployment.toString().length() + 1))
                    : Optional.empty();
        }
    }

    private KeyValueIterator<String, byte[]> entries(String kind, DeploymentName deployment) {
        return gates.range(kind + deployment + "/", kind + deployment + AFTER_SEPARATOR);
    }
}
