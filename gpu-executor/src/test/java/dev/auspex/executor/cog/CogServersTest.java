package dev.auspex.executor.cog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.executor.cog.CogStandIn.Family;
import dev.auspex.executor.cog.CogStandIn.Options;
import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CogServersTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String WORD = "0123456789abcdef";

    @TempDir
    Path folder;

    private int port;
    private CogServers servers;

    @BeforeEach
    void open() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        servers = new CogServers(
                new CogServers.Inbound("127.0.0.1", port, WORD, folder.resolve("uploads"), 1 << 20),
                new CogServers.Waits(Duration.ofSeconds(5), Duration.ofMillis(900), Duration.ofSeconds(1), Duration.ofMillis(300)),
                CogTestContext.NO_DOCKER,
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        servers.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveOutputLogsAndMetricsWhenAServerOfAnyFamilyRunsIt(Family family) throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(family, "text"))) {
            CogTestContext context = context();

            Object output = run(server, input("Ada"), context);

            assertThat(output).isInstanceOf(JsonNode.class).hasToString("\"hello Ada\"");
            assertThat(context.logs).hasToString("thinking about it\n");
            assertThat(context.metrics).containsEntry("tokens", 7L).doesNotContainKey("predict_time");
            assertThat(context.begun).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldPassOutputOnBitByBitWhenTheModelIterates(Family family) throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(family, "iterator"))) {
            CogTestContext context = context();

            Object output = run(server, input("c").put("do", "chunks").put("n", 5), context);

            assertThat(output).isNull();
            assertThat(context.texts()).containsExactly("c0", "c1", "c2", "c3", "c4");
            assertThat(context.logs).hasToString("chunk 1\nchunk 2\nchunk 3\nchunk 4\nchunk 5\n");
        }
    }

    @Test
    void shouldGoOnWithoutRunningAgainWhenAStreamBreaks() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "iterator"))) {
            CogTestContext context = context();

            run(server, input("c").put("do", "break").put("n", 12), context);

            assertThat(context.texts()).hasSize(12).startsWith("c0", "c1").endsWith("c11");
            assertThat(context.logs.toString().lines()).hasSize(12).doesNotHaveDuplicates();
            assertThat(server.begun).hasValue(1);
            assertThat(server.broke).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameTheFieldWhenTheServerRefusesTheInput(Family family) throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(family, "text"))) {
            assertThatThrownBy(() -> run(server, Json.object(), context()))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("prompt");
        }
    }

    @Test
    void shouldFailInTheModelsWordsWhenItRaises() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            assertThatThrownBy(() -> run(server, input("too blue").put("do", "fail"), context()))
                    .isInstanceOf(ModelException.class)
                    .hasMessage("ValueError: too blue");
        }
    }

    @Test
    void shouldTellOneStoryWhenWebhooksOvertakeEachOther() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.FASTAPI, "iterator"))) {
            CogTestContext context = context();

            run(server, input("c").put("do", "disorder"), context);

            assertThat(context.texts()).containsExactly("c0", "c1", "c2");
            assertThat(context.logs).hasToString("line 0\nline 1\nline 2\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldStopTheModelWhenThePredictionIsCanceled(Family family) throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(family, "text"))) {
            CogTestContext context = context();
            CompletableFuture<Object> run = later(server.url(), input("x").put("do", "slow"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(context.logs).contains("waiting"));

            context.canceled = true;

            assertThatThrownBy(run::join).hasCauseInstanceOf(CanceledException.class);
            assertThat(server.running).isEmpty();
        }
    }

    @Test
    void shouldEndTheServerWhenTheModelDoesNotStop() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            CogTestContext context = context();
            CompletableFuture<Object> run = later(server.url(), input("x").put("do", "hang"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(context.begun).isTrue());

            context.canceled = true;

            assertThatThrownBy(run::join).hasCauseInstanceOf(CanceledException.class);
            // It was asked to end with POST /shutdown: nobody answers there any more.
            assertThatThrownBy(() -> run(server, input("y"), context())).isInstanceOf(CogException.class);
        }
    }

    @Test
    void shouldSaySoWhenTheModelDoesNotStopAndItsServerCannotBeEnded() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.GO, "text"))) {
            CogTestContext context = context();
            CompletableFuture<Object> run = later(server.url(), input("x").put("do", "hang"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(context.begun).isTrue());

            context.canceled = true;

            assertThatThrownBy(run::join)
                    .hasCauseInstanceOf(ModelException.class)
                    .hasMessageContaining("was told to stop and did not");
        }
    }

    @Test
    void shouldWaitForASlotWhenTheServerIsBusy() throws Exception {
        try (CogStandIn server = new CogStandIn(new Options(Family.COGLET, "text", 2, ""))) {
            CogTestContext first = context();
            CogTestContext second = context();
            CompletableFuture<Object> one = later(server.url(), input("x").put("do", "slow"), first);
            CompletableFuture<Object> two = later(server.url(), input("x").put("do", "slow"), second);
            await().atMost(SOON).untilAsserted(() -> assertThat(server.running).hasSize(2));
            CogTestContext third = context();
            CompletableFuture<Object> three = later(server.url(), input("Bo"), third);

            assertThat(third.begun).isFalse();
            first.canceled = true;

            assertThat(three.join()).hasToString("\"hello Bo\"");
            second.canceled = true;
            assertThat(List.of(one, two)).allSatisfy(run -> assertThatThrownBy(run::join).isInstanceOf(CompletionException.class));
        }
    }

    @Test
    void shouldStoreFilesUnderTheirOwnNamesWhenTheServerUploadsThem() throws Exception {
        String uploads = "http://127.0.0.1:" + port + "/uploads/" + WORD + "/";
        try (CogStandIn server = new CogStandIn(new Options(Family.COGLET, "file", 1, uploads))) {
            Object output = run(server, input("pixels").put("do", "files"), context());

            assertThat((List<?>) output).hasSize(2).allSatisfy(one -> {
                assertThat(((OutputFile) one).path()).hasFileName("out.png").exists();
                assertThat(((OutputFile) one).contentType()).isEqualTo("image/png");
            });
            assertThat(((List<?>) output).stream().map(one -> read(((OutputFile) one).path())))
                    .containsExactly("pixels", "pixels!");
        }
    }

    @Test
    void shouldTakeNoFileWhenTheUploaderDoesNotKnowTheWord() throws Exception {
        String uploads = "http://127.0.0.1:" + port + "/uploads/0000000000000000/";
        try (CogStandIn server = new CogStandIn(new Options(Family.COGLET, "file", 1, uploads))) {
            Object output = run(server, input("pixels").put("do", "file"), context());

            assertThat(output).hasToString("\"no location: 404\"");
        }
    }

    @Test
    void shouldStoreAFileWhenTheServerGivesItAsADataUrl() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.FASTAPI, "file"))) {
            OutputFile output = (OutputFile) run(server, input("pixels").put("do", "file"), context());

            assertThat(output.contentType()).isEqualTo("image/png");
            assertThat(output.path()).hasFileName("output.png").hasContent("pixels");
        }
    }

    @Test
    void shouldSayWhatToDoWhenTheServerGivesAPathOfItsOwn() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.FASTAPI, "file"))) {
            assertThatThrownBy(() -> run(server, input("x").put("do", "path"), context()))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("--upload-url");
        }
    }

    @Test
    void shouldFetchInputFilesItselfWhenAFieldNamesOne() throws Exception {
        Path picture = Files.writeString(folder.resolve("fetched"), "a picture");
        try (CogStandIn server = new CogStandIn(Options.of(Family.FASTAPI, "text"))) {
            ObjectNode input = input("x").put("do", "read").put("image", "https://pictures.example.test/a%20cat.png?token=1");

            Object output = servers.run(new Runner.CogUrl(server.url()), false, context().job(input, (field, url) -> {
                assertThat(field).isEqualTo("image");
                assertThat(url).isEqualTo(input.path("image").asText());
                return picture;
            }));

            assertThat(output).hasToString("\"a picture\"");
        }
    }

    @Test
    void shouldFailWithTheLogsWhenSetupFailed() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            server.state = "SETUP_FAILED";
            server.setupLogs = "Traceback\nFileNotFoundError: weights.bin\n";
            CogTestContext context = context();

            assertThatThrownBy(() -> run(server, input("x"), context))
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith("the model could not be set up")
                    .hasMessageContaining("FileNotFoundError: weights.bin");
            assertThat(context.logs).contains("Traceback");
            assertThat(context.begun).isFalse();
        }
    }

    @Test
    void shouldWaitUntilSetupHasEndedWhenTheServerIsStarting() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.FASTAPI, "text"))) {
            server.state = "STARTING";
            CogTestContext context = context();
            CompletableFuture<Object> run = later(server.url(), input("Cy"), context);
            await().during(Duration.ofMillis(300)).atMost(SOON).untilAsserted(() -> assertThat(run).isNotDone());

            server.state = "READY";

            assertThat(run.join()).hasToString("\"hello Cy\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?page=", "#", "/x?y=/"})
    void shouldCallNoPageOfItsOwnersChoiceWhenAnAddressIsMoreThanABase(String more) throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            Runner odd = new Runner.CogUrl(server.url() + more);

            assertThat(servers.schema(odd)).isEmpty();
            assertThatThrownBy(() -> servers.run(odd, false, context().job(input("x"))))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("expected http://host:port");
            assertThat(servers.schema(new Runner.CogUrl(server.url()))).isPresent();
        }
    }

    @Test
    void shouldSayWhichSettingIsMissingWhenTheServerCouldNotReachThisMachine() {
        Runner elsewhere = new Runner.CogUrl("http://192.0.2.1:5000");

        assertThatThrownBy(() -> servers.run(elsewhere, false, context().job(input("x"))))
                .isInstanceOf(CogException.class)
                .hasMessageContaining("executor.cog.listen");
    }

    @Test
    void shouldLeaveTheJobToAnotherWorkerWhenNobodyAnswers() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            Runner nobody = new Runner.CogUrl("http://127.0.0.1:" + free.getLocalPort());
            free.close();

            assertThatThrownBy(() -> servers.run(nobody, false, context().job(input("x"))))
                    .isInstanceOfSatisfying(CogException.class, e -> assertThat(e.died()).isFalse())
                    .hasMessageContaining("does not answer");
        }
    }

    @Test
    void shouldSayThatTheServerDiedAndUseTheNextOneWhenItsProcessEnds() throws Exception {
        CogTestContext context = context();
        int fixed;
        try (CogProcess process = CogProcess.start(Family.COGLET, "text", 0)) {
            fixed = process.port();
            CompletableFuture<Object> run = later("http://127.0.0.1:" + fixed, input("x").put("do", "slow"), context);
            await().atMost(SOON).untilAsserted(() -> assertThat(context.logs).contains("waiting"));

            process.kill();

            assertThatThrownBy(run::join)
                    .cause()
                    .isInstanceOfSatisfying(CogException.class, e -> assertThat(e.died()).isTrue());
        }
        try (CogStandIn next = new CogStandIn(Options.of(Family.COGLET, "text"), fixed)) {
            assertThat(run(next, input("again"), context())).hasToString("\"hello again\"");
        }
    }

    @Test
    void shouldEndADefunctServerAndWaitForTheNextWhenItsWorkerHasCrashed() throws Exception {
        CogStandIn defunct = new CogStandIn(Options.of(Family.COGLET, "text"));
        defunct.state = "DEFUNCT";
        CompletableFuture<Object> run = later(defunct.url(), input("you"), context());
        await().atMost(SOON).untilAsserted(() -> assertThatThrownBy(() -> new CogClient().health(java.net.URI.create(defunct.url()), () -> {}))
                .isInstanceOf(IOException.class));

        try (CogStandIn next = new CogStandIn(Options.of(Family.COGLET, "text"), defunct.port())) {
            assertThat(run.join()).hasToString("\"hello you\"");
            assertThat(next.begun).hasValue(1);
        }
    }

    @Test
    void shouldNotWaitForEverWhenTheServerForgetsThePrediction() throws Exception {
        try (CogStandIn server = new CogStandIn(Options.of(Family.COGLET, "text"))) {
            assertThatThrownBy(() -> run(server, input("x").put("do", "forget"), context()))
                    .isInstanceOf(CogException.class)
                    .hasMessageContaining("did not say how");
        }
    }

    private Object run(CogStandIn server, ObjectNode input, CogTestContext context) throws Exception {
        return servers.run(new Runner.CogUrl(server.url()), false, context.job(input));
    }

    private CompletableFuture<Object> later(String url, ObjectNode input, CogTestContext context) {
        CompletableFuture<Object> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                done.complete(servers.run(new Runner.CogUrl(url), false, context.job(input)));
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private CogTestContext context() throws IOException {
        return new CogTestContext(Files.createTempDirectory(folder, "job"));
    }

    private static ObjectNode input(String prompt) {
        return Json.object().put("prompt", prompt);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
