package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A model that does not stop costs the process; {@code up} starts it again in its place, without a supervisor. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class StubbornModelIT {

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final String MODEL = """
            package stubborn;
            public final class Stubborn implements dev.auspex.model.Model<Stubborn.Input> {
                public record Input(@dev.auspex.model.Field(description = "Anything.", optional = true) String text) {}
                public dev.auspex.model.ModelInfo info() {
                    return new dev.auspex.model.ModelInfo("stubborn", "Never stops.", dev.auspex.model.ModelInfo.OutputForm.TEXT, false);
                }
                public Class<Input> inputType() { return Input.class; }
                public dev.auspex.model.Predictor<Input> setup(dev.auspex.model.ModelEnvironment environment) {
                    return (input, context) -> {
                        while (true) {
                            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L);
                        }
                    };
                }
            }
            """;

    @TempDir
    private Path data;

    @Test
    void shouldSayCanceledAndGoOnInANewLifeWhenAModelDoesNotStop() throws Exception {
        jar(Files.createDirectories(data.resolve("models")).resolve("stubborn.jar"));
        try (RunningAuspex auspex = RunningAuspex.start(Launch.on("stubborn", data).with("AUSPEX_EXECUTOR_CANCEL_GRACE", "500ms"))) {
            Api api = auspex.api("acme");
            String id = api.post("/v1/models/auspex/stubborn/predictions", "{\"input\":{}}").json().path("id").asText();
            await().atMost(SOON).untilAsserted(() -> assertThat(status(api, id)).isEqualTo("processing"));

            assertThat(api.post("/v1/predictions/" + id + "/cancel", "").status()).isEqualTo(200);

            // A connection that the old life leaves behind is refused or cut: both are asked again.
            await().atMost(SOON).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
                Api.Reply reply = api.tryGet("/v1/predictions/" + id).orElseThrow(() -> new AssertionError("no answer yet"));
                assertThat(reply.status()).as(auspex.output()).isEqualTo(200);
                assertThat(reply.json().path("status").asText()).as(auspex.output()).isEqualTo("canceled");
            });
            auspex.awaitReady();
            String next = api.post("/v1/models/auspex/echo/predictions", "{\"input\":{\"text\":\"still here\"}}").json().path("id").asText();
            await().atMost(SOON).untilAsserted(() -> assertThat(status(api, next)).isEqualTo("succeeded"));
            assertThat(auspex.output().split("Auspex is ready", -1)).as("two lives of one process:%n%s", auspex.output()).hasSize(3);
        }
    }

    private static String status(Api api, String id) throws Exception {
        return api.get("/v1/predictions/" + id).json().path("status").asText();
    }

    private void jar(Path jar) throws Exception {
        Path classes = Files.createDirectories(data.resolve("classes"));
        Path source = Files.writeString(data.resolve("Stubborn.java"), MODEL);
        int compiled = ToolProvider.getSystemJavaCompiler().run(
                null, null, null, "-proc:none", "-d", classes.toString(),
                "-cp", Repository.root().resolve("gpu-executor/target/classes").toString(), source.toString());
        assertThat(compiled).as("compiler's exit code").isZero();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : new String[] {"Stubborn.class", "Stubborn$Input.class"}) {
                add(out, "stubborn/" + name, Files.readAllBytes(classes.resolve("stubborn").resolve(name)));
            }
            add(out, "META-INF/services/dev.auspex.model.Model", "stubborn.Stubborn".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void add(JarOutputStream out, String name, byte[] content) throws Exception {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
