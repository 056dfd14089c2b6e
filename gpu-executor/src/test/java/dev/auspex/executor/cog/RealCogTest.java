package dev.auspex.executor.cog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.json.Json;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a Cog server as it is, where one can be started: {@code python3} has to find the package {@code cog}. */
class RealCogTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String WORD = "0123456789abcdef";
    private static final String TEXT_MODEL = """
            import time
            from cog import BasePredictor, ConcatenateIterator, Input, Path

            class Predictor(BasePredictor):
                def setup(self):
                    print("weights are there")

                def predict(self, prompt: str, n: int = Input(default=3, ge=0), image: Path = None) -> ConcatenateIterator[str]:
                    if image is not None:
                        yield open(image).read()
                    for i in range(n):
                        print("step", i, flush=True)
                        yield prompt + str(i)
                        time.sleep(0.02)
            """;
    private static final String FILE_MODEL = """
            from cog import BasePredictor, Path

            class Predictor(BasePredictor):
                def predict(self, prompt: str) -> Path:
                    if prompt == "fail":
                        raise ValueError("too blue")
                    with open("/tmp/auspex-cog-out.txt", "w") as f:
                        f.write(prompt)
                    return Path("/tmp/auspex-cog-out.txt")
            """;

    @TempDir
    Path folder;

    private CogServers servers;
    private Process process;
    private int port;
    private int inbound;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(isThere(), "python3 finds no package cog: the test against a real Cog server is left out");
        try (ServerSocket one = new ServerSocket(0); ServerSocket two = new ServerSocket(0)) {
            port = one.getLocalPort();
            inbound = two.getLocalPort();
        }
        servers = new CogServers(
                new CogServers.Inbound("127.0.0.1", inbound, WORD, folder.resolve("uploads"), 1 << 20),
                new CogServers.Waits(Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofSeconds(4), Duration.ofMillis(300)),
                CogTestContext.NO_DOCKER,
                Clock.systemUTC());
    }

    @AfterEach
    void close() throws Exception {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        if (servers != null) {
            servers.close();
        }
    }

    private static boolean isThere() throws Exception {
        try {
            Process probe = new ProcessBuilder("python3", "-c", "import cog.server.http").redirectErrorStream(true).start();
            probe.getInputStream().readAllBytes();
            return probe.waitFor() == 0;
        } catch (java.io.IOException noPython) {
            return false;
        }
    }

    @Test
    void shouldRunCancelAndRefuseWhenARealServerIteratesOverText() throws Exception {
        start(TEXT_MODEL);
        CogTestContext context = context();
        Path picture = Files.writeString(folder.resolve("picture"), "a picture ");

        Object output = run(
                Json.object().put("prompt", "c").put("image", "https://pictures.example.test/cat.txt"), context, picture);

        assertThat(output).isNull();
        assertThat(context.texts()).containsExactly("a picture ", "c0", "c1", "c2");
        assertThat(context.logs).hasToString("step 0\nstep 1\nstep 2\n");
        assertThat(servers.schema(new Runner.CogUrl(url())).orElseThrow().at("/components/schemas/Output/x-cog-array-type").asText())
                .isEqualTo("iterator");
        assertThatThrownBy(() -> run(Json.object().put("n", -1), context(), picture))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("input.prompt: field required")
                .hasMessageContaining("input.n: ensure this value is greater than or equal to 0");

        CogTestContext canceled = context();
        CompletableFuture<Throwable> stopped = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                run(Json.object().put("prompt", "c").put("n", 100_000), canceled, picture);
                stopped.complete(new AssertionError("ran to its end"));
            } catch (Exception e) {
                stopped.complete(e);
            }
        });
        await().atMost(SOON).untilAsserted(() -> assertThat(canceled.chunks).isNotEmpty());
        canceled.canceled = true;
        assertThat(stopped.get(10, TimeUnit.SECONDS)).isInstanceOf(CanceledException.class);
    }

    @Test
    void shouldStoreTheFileOrFailInItsWordsWhenARealServerMakesFiles() throws Exception {
        start(FILE_MODEL, "--upload-url", "http://127.0.0.1:" + inbound + "/uploads/" + WORD + "/");

        OutputFile file = (OutputFile) run(Json.object().put("prompt", "pixels"), context(), folder);

        assertThat(file.path()).hasFileName("auspex-cog-out.txt").hasContent("pixels");
        assertThat(file.contentType()).isEqualTo("text/plain");
        assertThatThrownBy(() -> run(Json.object().put("prompt", "fail"), context(), folder))
                .isInstanceOf(ModelException.class)
                .hasMessage("too blue");
    }

    private void start(String model, String... arguments) throws Exception {
        Files.writeString(folder.resolve("predict.py"), model);
        Files.writeString(folder.resolve("cog.yaml"), "build:\n  python_version: \"3.11\"\npredict: \"predict.py:Predictor\"\n");
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of("python3", "-m", "cog.server.http", "--host", "127.0.0.1"));
        command.addAll(java.util.List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("cog.log").toFile());
        builder.environment().put("PORT", Integer.toString(port));
        process = builder.start();
    }

    private String url() {
        return "http://127.0.0.1:" + port;
    }

    private Object run(ObjectNode input, CogTestContext context, Path file) throws Exception {
        return servers.run(
                new Runner.CogUrl(url()),
                false,
                new CogJob(
                        UUID.randomUUID().toString().replace("-", ""),
                        input,
                        context,
                        (field, url) -> file,
                        new CogJob.Calls(() -> false, () -> context.begun = true, () -> false)));
    }

    private CogTestContext context() throws java.io.IOException {
        return new CogTestContext(Files.createTempDirectory(folder, "job"));
    }
}
