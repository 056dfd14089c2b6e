package dev.auspex.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.model.CanceledException;
import dev.auspex.model.OutputFile;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionUrls;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.FileUrls;
import dev.auspex.runtime.files.LocalFileStore;
import dev.auspex.runtime.files.StorageAwayException;
import dev.auspex.runtime.files.StoredFile;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.net.Egress;
import dev.auspex.runtime.net.GuardedDownload;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of outputs while the file store is away. */
class JobFilesTest {

    private final Vertx vertx = Vertx.vertx();
    private final List<Duration> pauses = new ArrayList<>();
    private Away store;
    private JobFiles files;
    private OutputFile output;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        store = new Away(new LocalFileStore(folder.resolve("files"), Clock.systemUTC()));
        files = new JobFiles(store, new GuardedDownload(vertx, new Egress(AddressGuard.of(List.of()), null)), 1_000);
        output = new OutputFile(Files.writeString(folder.resolve("video.mp4"), "an hour on a GPU"), "video/mp4");
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void shouldStoreTheOutputWithoutTheModelWhenTheStoreComesBack() throws Exception {
        store.failures = 6;

        JsonNode url = files.toJson(job(), List.of(output), pauses::add).get(0);

        FileId id = FileUrls.parse("https://api.example.test", url.asText()).orElseThrow();
        try (InputStream content = store.open(id)) {
            assertThat(content).hasContent("an hour on a GPU");
        }
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 15L, 15L);
    }

    @Test
    void shouldGiveUpWhenTheAttemptIsCanceledMeanwhile() {
        store.failures = 1_000;

        assertThatThrownBy(() -> files.toJson(job(), output, time -> {
                    pauses.add(time);
                    if (pauses.size() == 2) {
                        throw new CanceledException();
                    }
                }))
                .isInstanceOfSatisfying(OutputException.class, e -> assertThat(e.retryable()).isTrue());
        assertThat(pauses).hasSize(2);
    }

    private static Job job() {
        PredictionId id = PredictionId.create(Instant.now(), new Random(27));
        String get = "https://api.example.test/v1/predictions/" + id;
        return new Job(
                id, new AccountId("acme"), new ModelName("acme", "painter"), new VersionId("ab".repeat(32)),
                new Runner.Builtin("painter"), new HardwareClass("cpu"), Json.object(), null, id.createdAt(), null, "api",
                "https://api.example.test", new PredictionUrls(get, get, get + "/cancel", null), 0, null,
                JobLimits.DEFAULT, null, null);
    }

    /** A store that is away for some tries. */
    private static final class Away implements FileStore {
        private final FileStore real;
        private int failures;

        Away(FileStore real) {
            this.real = real;
        }

        @Override
        public StoredFile put(Description description, InputStream content) throws IOException {
            if (failures-- > 0) {
                throw new StorageAwayException("the file store cannot be reached", null);
            }
            return real.put(description, content);
        }

        @Override
        public Optional<StoredFile> find(FileId id) throws IOException {
            return real.find(id);
        }

        @Override
        public InputStream open(FileId id) throws IOException {
            return real.open(id);
        }

        @Override
        public Optional<Path> localPath(FileId id) {
            return Optional.empty();
        }

        @Override
        public List<StoredFile> uploads(AccountId account, @Nullable FileId before, int limit) throws IOException {
            return real.uploads(account, before, limit);
        }

        @Override
        public List<StoredFile> newerUploads(AccountId account, FileId after, int limit) throws IOException {
            return real.newerUploads(account, after, limit);
        }

        @Override
        public boolean delete(FileId id) throws IOException {
            return real.delete(id);
        }
    }
}
