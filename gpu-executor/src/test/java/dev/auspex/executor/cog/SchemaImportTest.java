package dev.auspex.executor.cog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.executor.cog.CogStandIn.Family;
import dev.auspex.executor.cog.CogStandIn.Options;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.json.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaImportTest {

    private static final HardwareClass CPU = new HardwareClass("cpu");
    private static final HardwareClass H100 = new HardwareClass("gpu-h100");

    @TempDir
    Path folder;

    private final List<ModelRegistration> announced = new CopyOnWriteArrayList<>();
    private CogServers servers;
    private SchemaImport schemas;

    @AfterEach
    void close() {
        schemas.stop();
        servers.close();
    }

    @Test
    void shouldAnnounceAVersionWithTheServersSchemaOnceWhenTheCatalogueNamesItsAddress() throws Exception {
        begin();
        try (CogStandIn server = new CogStandIn(Options.of(Family.FASTAPI, "iterator"))) {
            Model model = model("acme/painter", new Runner.CogUrl(server.url()), H100, CPU);
            schemas.follow(model("acme/elsewhere", new Runner.CogUrl(server.url()), H100));
            schemas.follow(model("acme/builtin", new Runner.Builtin("echo"), CPU));

            schemas.follow(model);

            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(announced).isNotEmpty());
            ModelRegistration registration = announced.getFirst();
            assertThat(registration.name()).isEqualTo(model.name());
            assertThat(registration.description()).isEqualTo("Paints.");
            assertThat(registration.hardware()).containsExactly(H100, CPU);
            assertThat(registration.openapiSchema().at("/components/schemas/Input/properties/prompt/type").asText())
                    .isEqualTo("string");
            assertThat(model.with(registration, Instant.EPOCH).latest().isIterator()).isTrue();
            schemas.follow(model.with(registration, Instant.EPOCH));
            int known = announced.size();
            await().during(Duration.ofMillis(1200)).atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(announced).hasSize(known));
            assertThat(announced).allSatisfy(one -> assertThat(one.name()).isEqualTo(model.name()));
        }
    }

    private void begin() {
        servers = new CogServers(
                new CogServers.Inbound("127.0.0.1", 0, "", folder, 1 << 20),
                new CogServers.Waits(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(300)),
                CogTestContext.NO_DOCKER,
                Clock.systemUTC());
        schemas = new SchemaImport(servers, List.of(CPU), announced::add);
        schemas.start();
    }

    private static Model model(String name, Runner runner, HardwareClass... hardware) {
        return Model.first(
                new ModelRegistration(ModelName.of(name), "Paints.", List.of(hardware), runner, Json.object()), Instant.EPOCH);
    }
}
