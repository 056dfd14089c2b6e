package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueFileTest {

    private static final HardwareClass CPU = new HardwareClass("cpu");
    private static final HardwareClass H100 = new HardwareClass("gpu-h100");
    private static final ModelRegistration VIDEO = new ModelRegistration(
            new ModelName("auspex", "motion-video"),
            "Moves a camera over a picture.",
            List.of(CPU),
            new Runner.Builtin("motion-video"),
            Json.object().put("openapi", "3.0.2"));

    @TempDir
    Path folder;

    @Test
    void shouldAliasABuiltInModelWhenAnEntryNamesIt() throws IOException {
        List<ModelRegistration> read = read("""
                models:
                  - name: acme/ken-burns
                    description: House style
                    hardware: [gpu-h100, cpu]
                    runner: { kind: builtin, model: motion-video }
                """);

        assertThat(read).containsExactly(new ModelRegistration(
                new ModelName("acme", "ken-burns"),
                "House style",
                List.of(H100, CPU),
                VIDEO.runner(),
                VIDEO.openapiSchema()));
    }

    @Test
    void shouldTakeDescriptionAndHardwareOfTheBuiltInWhenTheEntryHasNone() throws IOException {
        List<ModelRegistration> read =
                read("models: [{name: acme/plain, runner: {kind: builtin, model: motion-video}}]");

        assertThat(read).singleElement().satisfies(registration -> {
            assertThat(registration.description()).isEqualTo(VIDEO.description());
            assertThat(registration.hardware()).containsExactly(CPU);
        });
    }

    @Test
    void shouldLeaveTheSchemaToTheExecutorsWhenAModelIsInACogServer() throws IOException {
        List<ModelRegistration> read = read("""
                models:
                  - name: acme/painter
                    hardware: gpu-h100
                    runner: { kind: cog-url, url: "http://127.0.0.1:5000" }
                  - name: acme/flux
                    hardware: [gpu-h100, cpu]
                    runner: { kind: cog-docker, image: "registry.example/flux@sha256:0123" }
                """);

        assertThat(read)
                .extracting(ModelRegistration::runner)
                .containsExactly(
                        new Runner.CogUrl("http://127.0.0.1:5000"),
                        new Runner.CogDocker("registry.example/flux@sha256:0123"));
        assertThat(read).allSatisfy(registration -> assertThat(registration.openapiSchema()).isEmpty());
    }

    @Test
    void shouldReportEveryProblemAtOnceWhenAFileIsWrong() {
        assertThatThrownBy(() -> read("""
                        models:
                          - name: nameless
                            hardware: gpu-b200
                            colour: red
                            runner: { kind: builtin, model: paint }
                          - name: acme/cog
                            runner: { kind: cog-url, url: "ftp://x", model: x }
                          - name: acme/image
                            hardware: cpu
                            runner: { kind: cog-docker, image: "-v /:/host" }
                          - name: acme/shell
                            hardware: cpu
                            runner: { kind: shell, model: x }
                        """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("models[0].name: is 'nameless', expected owner/name")
                .hasMessageContaining("models[0].hardware: is 'gpu-b200', expected one of [cpu, gpu-h100]")
                .hasMessageContaining("models[0].colour: no such key")
                .hasMessageContaining("models[0].runner.model: is 'paint', expected one of [motion-video]")
                .hasMessageContaining("models[1].runner.url: is 'ftp://x', expected the address of a Cog server")
                .hasMessageContaining("models[1].runner.model: no such key")
                .hasMessageContaining("models[1].hardware: missing, expected one of [cpu, gpu-h100]")
                .hasMessageContaining("models[2].runner.image: is '-v /:/host', expected an image reference")
                .hasMessageContaining("models[3].runner.kind: is 'shell', expected builtin, cog-url or cog-docker");
    }

    @Test
    void shouldSayWhichFileWhenItCannotBeRead() {
        assertThatThrownBy(() -> CatalogueFile.read(folder.resolve("none.yaml"), Map.of(), List.of(CPU)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("AUSPEX_MODELS")
                .hasMessageContaining("none.yaml");
    }

    private List<ModelRegistration> read(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("models.yaml"), yaml);
        return CatalogueFile.read(file, Map.of("motion-video", VIDEO), List.of(CPU, H100));
    }
}
