package dev.auspex.executor.app;

import static dev.auspex.executor.app.ExecutorHarness.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.model.Field;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.OutputFile;
import dev.auspex.model.Predictor;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.FileUrls;
import dev.auspex.runtime.files.StoredFile;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class InputFilesIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path data;

    /** Turns its file's text into capitals; runs out of memory the first time that the text is "stored". */
    static final class Shout implements Model<Shout.Input> {
        record Input(@Field(description = "A text file.") Path file) {}

        private final AtomicBoolean memoryIsShort = new AtomicBoolean(true);

        @Override
        public ModelInfo info() {
            return new ModelInfo("shout", "Capitals.", ModelInfo.OutputForm.FILE, false);
        }

        @Override
        public Class<Input> inputType() {
            return Input.class;
        }

        @Override
        public Predictor<Input> setup(ModelEnvironment environment) {
            return (input, context) -> {
                String text = Files.readString(input.file());
                if (text.equals("stored") && memoryIsShort.getAndSet(false)) {
                    throw new OutOfMemoryError("for a test");
                }
                Path result = context.workFolder().resolve("shout.txt");
                Files.writeString(result, text.toUpperCase(java.util.Locale.ROOT));
                return new OutputFile(result, "text/plain");
            };
        }
    }

    @Test
    void shouldGiveTheModelALocalCopyWhenTheInputNamesAFile(KafkaClients kafka, Topics topics) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (ExecutorHarness harness = new ExecutorHarness(kafka, topics, data)) {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(request -> request.response().end("from afar"))
                    .listen(0, "127.0.0.1")
                    .await();
            harness.start(Map.of(), new Shout());
            StoredFile mine = store(harness, ACCOUNT);
            StoredFile others = store(harness, new AccountId("other"));

            PredictionId inline = submit(harness, "data:text/plain;base64,aGVsbG8=");
            PredictionId plain = submit(harness, "data:,hello%20you");
            PredictionId own = submit(harness, FileUrls.upload(ExecutorHarness.BASE_URL, mine.id()));
            PredictionId foreign = submit(harness, FileUrls.upload(ExecutorHarness.BASE_URL, others.id()));
            PredictionId remote = submit(harness, "http://127.0.0.1:" + server.actualPort() + "/x");
            PredictionId forbidden = submit(harness, "http://10.1.2.3/x");

            await().atMost(SOON).untilAsserted(() -> {
                assertThat(result(harness, inline)).isEqualTo("HELLO");
                assertThat(result(harness, plain)).isEqualTo("HELLO YOU");
                assertThat(result(harness, own)).as("at the second try").isEqualTo("STORED");
                assertThat(result(harness, remote)).isEqualTo("FROM AFAR");
                assertThat(result(harness, foreign)).contains("input.file: there is no file " + others.id());
                assertThat(result(harness, forbidden)).contains("input.file: the host's address may not be reached");
            });
            try (var left = Files.list(data.resolve("work"))) {
                assertThat(left).as("work folders are gone").isEmpty();
            }
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void shouldEndAtOnceWhenItIsCanceledWhileItsInputDrips(KafkaClients kafka, Topics topics) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (ExecutorHarness harness = new ExecutorHarness(kafka, topics, data)) {
            CountDownLatch asked = new CountDownLatch(1);
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(request -> {
                        request.response().setChunked(true).write("one byte now and then");
                        asked.countDown();
                    })
                    .listen(0, "127.0.0.1")
                    .await();
            harness.start(Map.of("executor.cancel.grace", "2s"), new Shout());
            PredictionId dripping = submit(harness, "http://127.0.0.1:" + server.actualPort() + "/x");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

            harness.cancel(dripping, ACCOUNT);

            await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(dripping))
                    .singleElement().isInstanceOf(AttemptEvent.Canceled.class));
            PredictionId next = submit(harness, "data:,still%20here");
            await().atMost(SOON).untilAsserted(() -> assertThat(result(harness, next)).isEqualTo("STILL HERE"));
            assertThat(harness.exits).as("the executor did not give itself up").isEmpty();
        } finally {
            vertx.close().await();
        }
    }

    private static StoredFile store(ExecutorHarness harness, AccountId account) throws Exception {
        FileStore.NewFile file = new FileStore.NewFile(
                account, StoredFile.Kind.UPLOAD, "a.txt", "text/plain", Json.object(), null);
        return harness.files.put(file, new ByteArrayInputStream("stored".getBytes(StandardCharsets.UTF_8)));
    }

    private static PredictionId submit(ExecutorHarness harness, String url) throws Exception {
        return harness.submit("shout", Json.object().put("file", url));
    }

    private static String result(ExecutorHarness harness, PredictionId id) throws Exception {
        for (AttemptEvent.Terminal end : harness.ends(id)) {
            if (end instanceof AttemptEvent.Succeeded succeeded) {
                FileId file = FileUrls.parse(ExecutorHarness.BASE_URL, succeeded.output().asText()).orElseThrow();
                try (var content = harness.files.open(file)) {
                    return new String(content.readAllBytes(), StandardCharsets.UTF_8);
                }
            } else if (end instanceof AttemptEvent.Failed failed) {
                return failed.error();
            }
        }
        return "";
    }
}
