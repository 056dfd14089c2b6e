package dev.auspex.protocol.catalog;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model version under a name of its own, on hardware of its own: the value of a {@code deployments} record, keyed
 * {@code owner/name}. Only the router writes it.
 *
 * @param name the deployment
 * @param release what it is at the moment
 * @param change which request led to this release, so that the one who asked can tell
 */
public record Deployment(DeploymentName name, Release release, String change) {

    /**
     * What a deployment is until it is changed.
     *
     * @param number counts from 1
     * @param model whose predictions it makes
     * @param version which version of it
     * @param hardware where they run
     * @param minInstances at least so many workers are kept ready
     * @param maxInstances at most so many workers run
     * @param createdAt when it was made
     */
    public record Release(
            int number,
            ModelName model,
            VersionId version,
            HardwareClass hardware,
            int minInstances,
            int maxInstances,
            Instant createdAt) {

        /** Whether no predictions may be made. */
        @JsonIgnore
        public boolean isDisabled() {
            return minInstances == 0 && maxInstances == 0;
        }
    }

    /**
     * The deployment after a change.
     *
     * @param before what it was; {@code null} if it is new
     * @param changeId of the request
     * @param at when it was asked
     * @return empty if it is new and the change does not name everything
     */
    public static Optional<Deployment> after(
            DeploymentName name, @Nullable Deployment before, DeploymentChange change, String changeId, Instant at) {
        Release old = before == null ? null : before.release();
        ModelName model = pick(change.model(), old == null ? null : old.model());
        VersionId version = pick(change.version(), old == null ? null : old.version());
        HardwareClass hardware = pick(change.hardware(), old == null ? null : old.hardware());
        Integer min = pick(change.minInstances(), old == null ? null : old.minInstances());
        Integer max = pick(change.maxInstances(), old == null ? null : old.maxInstances());
        if (model == null || version == null || hardware == null || min == null || max == null) {
            return Optional.empty();
        }
        int number = old == null ? 1 : old.number() + 1;
        return Optional.of(new Deployment(name, new Release(number, model, version, hardware, min, max, at), changeId));
    }

    private static <T> @Nullable T pick(@Nullable T wanted, @Nullable T known) {
        return wanted == null ? known : wanted;
    }
}
