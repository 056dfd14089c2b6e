package dev.auspex.executor.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.executor.domain.KeptModels.Source;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelVersion;
import dev.auspex.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeptModelsTest {

    private static final HardwareClass CPU = new HardwareClass("cpu");
    private static final HardwareClass GPU = new HardwareClass("gpu-t4");
    private static final ModelName PAINTER = ModelName.of("acme/painter");
    private static final VersionId BUILTIN = new VersionId("a".repeat(64));
    private static final VersionId COG = new VersionId("b".repeat(64));

    private final KeptModels kept = new KeptModels();

    private static Model painter() {
        return new Model(
                PAINTER, "", List.of(CPU, GPU), Instant.EPOCH,
                List.of(
                        new ModelVersion(COG, Instant.EPOCH, new Runner.CogUrl("http://127.0.0.1:1"), Json.object()),
                        new ModelVersion(BUILTIN, Instant.EPOCH, new Runner.Builtin("painter"), Json.object())),
                JobLimits.DEFAULT, null);
    }

    private static Deployment deployment(String name, VersionId version, HardwareClass hardware, int min) {
        return new Deployment(
                DeploymentName.of("acme/" + name),
                new Deployment.Release(1, PAINTER, version, hardware, min, 5, Instant.EPOCH),
                "change");
    }

    private void read() {
        kept.read(Source.CATALOGUE);
        kept.read(Source.DEPLOYMENTS);
    }

    @Test
    void shouldNameBuiltinsOfTheClassWhenADeploymentWantsInstances() {
        kept.follow(deployment("one", BUILTIN, GPU, 1));
        kept.follow(deployment("other", BUILTIN, GPU, 2));
        kept.follow(deployment("none", BUILTIN, CPU, 0));
        kept.follow(deployment("cog", COG, CPU, 1));
        kept.follow(painter());
        read();

        assertThat(kept.of(GPU)).containsExactly("painter");
        assertThat(kept.of(CPU)).isEmpty();
    }

    @Test
    void shouldNameNothingWhenNotEverythingHasBeenRead() {
        kept.follow(painter());
        kept.read(Source.CATALOGUE);
        kept.follow(deployment("one", BUILTIN, GPU, 1));
        assertThat(kept.of(GPU)).as("a release that is perhaps over").isEmpty();
        kept.follow(deployment("one", BUILTIN, GPU, 0));

        kept.read(Source.DEPLOYMENTS);

        assertThat(kept.of(GPU)).isEmpty();
    }

    @Test
    void shouldBeTheSameObjectUntilItChanges() {
        kept.follow(painter());
        kept.follow(deployment("one", BUILTIN, GPU, 1));
        read();
        Set<String> before = kept.of(GPU);

        kept.follow(deployment("other", BUILTIN, CPU, 1));
        assertThat(kept.of(GPU)).isSameAs(before);
        kept.forget(DeploymentName.of("acme/one"));
        assertThat(kept.of(GPU)).isEmpty();
        kept.forget(PAINTER);
        assertThat(kept.of(CPU)).isEmpty();
    }
}
