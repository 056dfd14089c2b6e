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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeptModelsTest {

    private static final HardwareClass CPU = new HardwareClass("cpu");
    private static final HardwareClass GPU = new HardwareClass("gpu-t4");
    private static final ModelName PAINTER = ModelName.of("acme/painter");
    private static final VersionId BUILTIN = new VersionId("a".repeat(64));
    private static final VersionId COG = new VersionId("b".repeat(64));

    private static final Runner SERVER = new Runner.CogUrl("http://127.0.0.1:1");

    private final KeptModels kept = new KeptModels(Set.of());

    private static Model painter() {
        return new Model(
                PAINTER, "", List.of(CPU, GPU), Instant.EPOCH,
                List.of(
                        new ModelVersion(COG, Instant.EPOCH, SERVER, Json.object()),
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
    void shouldNameCogServersOfTheseClassesWhenADeploymentWantsInstances() {
        kept.follow(deployment("cog", COG, CPU, 1));
        kept.follow(deployment("elsewhere", COG, GPU, 1));
        kept.follow(deployment("none", COG, CPU, 0));
        kept.follow(deployment("builtin", BUILTIN, CPU, 1));
        kept.follow(painter());
        assertThat(kept.servers(List.of(CPU))).as("not everything has been read").isEmpty();
        read();

        assertThat(kept.servers(List.of(CPU))).containsExactly(new KeptServer(SERVER, CPU, false));
        assertThat(kept.servers(List.of(GPU, CPU)))
                .containsExactlyInAnyOrder(new KeptServer(SERVER, CPU, false), new KeptServer(SERVER, GPU, false));
    }

    @Test
    void shouldAlwaysKeepTheNewestVersionWhenTheOperatorNamesAModelInACogServer() {
        KeptModels warm = new KeptModels(Set.of(PAINTER, ModelName.of("acme/typo")));
        AtomicInteger changes = new AtomicInteger();
        warm.listen(changes::incrementAndGet);
        warm.follow(painter());
        assertThat(warm.unknown()).as("nothing has been read").isEmpty();
        warm.read(Source.CATALOGUE);
        assertThat(changes).hasValue(0);

        warm.read(Source.DEPLOYMENTS);

        assertThat(changes).hasValue(1);
        assertThat(warm.servers(List.of(GPU, CPU))).as("the first class of the model").containsExactly(new KeptServer(SERVER, CPU, true));
        assertThat(warm.servers(List.of(new HardwareClass("gpu-h100")))).isEmpty();
        assertThat(warm.unknown()).containsExactly(ModelName.of("acme/typo"));
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
