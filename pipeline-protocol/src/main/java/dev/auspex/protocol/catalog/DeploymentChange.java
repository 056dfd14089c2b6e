package dev.auspex.protocol.catalog;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import org.jspecify.annotations.Nullable;

/**
 * What is to be different about a deployment; {@code null} leaves what is there. The first change of a deployment names
 * everything.
 *
 * @param model whose predictions it makes
 * @param version which version of it
 * @param hardware where they run
 * @param minInstances at least so many workers are kept ready
 * @param maxInstances at most so many workers run; 0 to make no predictions at all
 */
public record DeploymentChange(
        @Nullable ModelName model,
        @Nullable VersionId version,
        @Nullable HardwareClass hardware,
        @Nullable Integer minInstances,
        @Nullable Integer maxInstances) {}
