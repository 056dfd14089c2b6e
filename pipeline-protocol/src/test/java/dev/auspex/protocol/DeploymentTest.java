package dev.auspex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.catalog.DeploymentChange;
import org.junit.jupiter.api.Test;

class DeploymentTest {

    private static final DeploymentName NAME = DeploymentName.of("acme/prod");
    private static final VersionId VERSION = new VersionId("ab".repeat(32));
    private static final HardwareClass CPU = new HardwareClass("cpu");
    private static final DeploymentChange EVERYTHING =
            new DeploymentChange(ModelName.of("acme/painter"), VERSION, CPU, 1, 4);
    private static final DeploymentChange DISABLE = new DeploymentChange(null, null, null, 0, 0);

    @Test
    void shouldKeepWhatIsNotNamedAndCountReleasesWhenItIsChanged() {
        Deployment first = Deployment.after(NAME, null, EVERYTHING, "c1", Samples.TIME).orElseThrow();
        Deployment second = Deployment.after(NAME, first, DISABLE, "c2", Samples.LATER).orElseThrow();

        assertThat(first.release().number()).isEqualTo(1);
        assertThat(first.release().isDisabled()).isFalse();
        assertThat(second).isEqualTo(new Deployment(
                NAME,
                new Deployment.Release(2, ModelName.of("acme/painter"), VERSION, CPU, 0, 0, Samples.LATER),
                "c2"));
        assertThat(second.release().isDisabled()).isTrue();
    }

    @Test
    void shouldNotComeIntoBeingWhenTheFirstChangeDoesNotNameEverything() {
        assertThat(Deployment.after(NAME, null, DISABLE, "c", Samples.TIME)).isEmpty();
    }

    @Test
    void shouldReadNamesOnlyInTheirFormWhenTheyComeFromOutside() {
        assertThat(DeploymentName.parse("acme/a.b-C_1")).contains(new DeploymentName(new AccountId("acme"), "a.b-C_1"));
        assertThat(DeploymentName.parse("acme")).isEmpty();
        assertThat(DeploymentName.parse("acme/")).isEmpty();
        assertThat(DeploymentName.parse("Acme/x")).isEmpty();
        assertThat(DeploymentName.parse("acme", "a/b")).isEmpty();
    }
}
