package dev.auspex.runtime.files.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileStore.NewFile;
import dev.auspex.runtime.files.StorageAwayException;
import dev.auspex.runtime.files.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that speaks S3 over HTTP and checks signatures, hashes and times. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3FileStoreTest {

    /** The server looks at the time of a request, as Amazon's does. */
    private static final Instant NOW = Instant.now();

    private SigningS3 server;
    private Path spool;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        spool = folder.resolve("spool");
        server = SigningS3.start();
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    private S3FileStore store(Instant now) {
        return store(server.settings(), now);
    }

    private S3FileStore store(S3Settings settings, Instant now) {
        return S3FileStore.of(settings, spool, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static StoredFile put(S3FileStore store, String account, StoredFile.Kind kind, String text, @Nullable Instant expiry)
            throws IOException {
        return store.put(
                new NewFile(new AccountId(account), kind, "ä b.txt", "text/plain", Json.object().put("n", 1), expiry),
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String read(InputStream content) throws IOException {
        try (content) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldGiveBackWhatWasStoredWhenItIsAskedForInWholeAndInPart() throws Exception {
        S3FileStore store = store(NOW);
        StoredFile stored = put(store, "acme", StoredFile.Kind.OUTPUT, "0123456789", null);

        assertThat(store.find(stored.id())).hasValue(stored);
        assertThat(stored.size()).isEqualTo(10);
        assertThat(stored.md5()).isEqualTo("781e5e245d69b566979b86e28d23f2c7");
        assertThat(read(store.open(stored.id()))).isEqualTo("0123456789");
        assertThat(read(store.open(stored.id(), 4))).isEqualTo("456789");
        try (Stream<Path> left = Files.list(spool)) {
            assertThat(left).as("nothing stays on this machine").isEmpty();
        }
        assertThat(store.delete(stored.id())).isTrue();
        assertThat(store.delete(stored.id())).isFalse();
        assertThat(store.find(stored.id())).isEmpty();
        assertThatThrownBy(() -> store.open(stored.id())).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void shouldListAnAccountsUploadsNewestFirstWhenThereAreSeveralPages() throws Exception {
        List<FileId> newestFirst = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            newestFirst.addFirst(put(store(NOW.plusSeconds(i)), "lister", StoredFile.Kind.UPLOAD, "x" + i, null).id());
        }
        put(store(NOW), "lister", StoredFile.Kind.OUTPUT, "no upload", null);
        put(store(NOW), "lister2", StoredFile.Kind.UPLOAD, "another's", null);
        AccountId account = new AccountId("lister");

        List<StoredFile> first = store(NOW).uploads(account, null, 3);
        List<StoredFile> second = store(NOW).uploads(account, first.getLast().id(), 3);

        assertThat(Stream.concat(first.stream(), second.stream()).map(StoredFile::id)).isEqualTo(newestFirst);
        assertThat(first).hasSize(3);
        assertThat(store(NOW).newerUploads(account, newestFirst.get(4), 3)).extracting(StoredFile::id)
                .isEqualTo(newestFirst.subList(1, 4));
        assertThat(store(NOW).newerUploads(account, newestFirst.get(1), 3)).extracting(StoredFile::id)
                .isEqualTo(newestFirst.subList(0, 1));
        assertThat(store(NOW).newerUploads(account, newestFirst.getFirst(), 3)).isEmpty();
    }

    @Test
    void shouldRemoveOnlyWhatIsOverWhenSwept() throws Exception {
        StoredFile soon = put(store(NOW), "sweep", StoredFile.Kind.UPLOAD, "soon", NOW.plus(Duration.ofMinutes(1)));
        StoredFile later = put(store(NOW), "sweep", StoredFile.Kind.UPLOAD, "later", NOW.plus(Duration.ofDays(1)));
        S3FileStore then = store(NOW.plus(Duration.ofHours(2)));

        assertThat(then.find(soon.id())).as("expired, though not swept").isEmpty();
        assertThat(then.deleteExpired(100)).isEqualTo(1);
        assertThat(then.deleteExpired(100)).isZero();
        assertThatThrownBy(() -> then.open(soon.id())).isInstanceOf(FileNotFoundException.class);
        assertThat(then.uploads(new AccountId("sweep"), null, 10)).containsExactly(later);
    }

    @Test
    void shouldBeReadableWithoutKeysWhenAnAddressIsSigned() throws Exception {
        StoredFile stored = put(store(NOW), "acme", StoredFile.Kind.UPLOAD, "for a container", null);
        URI address = store(NOW).signedUrl(stored.id(), Duration.ofMinutes(5)).orElseThrow();

        assertThat(address.getRawQuery()).contains("X-Amz-Expires=300", "X-Amz-Signature=");
        assertThat(HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body())
                .isEqualTo("for a container");
    }

    @Test
    void shouldRefuseAnAddressWhenItIsOverOrLeadsElsewhereThanItWasSignedFor() throws Exception {
        StoredFile stored = put(store(NOW), "acme", StoredFile.Kind.UPLOAD, "for a container", null);
        StoredFile other = put(store(NOW), "acme", StoredFile.Kind.UPLOAD, "not for it", null);
        String address = store(NOW).signedUrl(stored.id(), Duration.ofMinutes(5)).orElseThrow().toString();
        String over = store(NOW.minusSeconds(600)).signedUrl(stored.id(), Duration.ofMinutes(5)).orElseThrow().toString();
        String elsewhere = address.replace(stored.id().value(), other.id().value())
                .replace("/" + stored.id().value().substring(24) + "/", "/" + other.id().value().substring(24) + "/");
        String bare = address.substring(0, address.indexOf('?'));

        for (String refused : List.of(over, elsewhere, bare)) {
            assertThat(HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(URI.create(refused)).build(), BodyHandlers.ofString())
                            .statusCode())
                    .as(refused).isEqualTo(403);
        }
    }

    @Test
    void shouldStoreABodyInOnePieceWhenItIsLarge() throws Exception {
        byte[] large = new byte[24 << 20];
        new Random(24).nextBytes(large);
        S3FileStore store = store(NOW);

        StoredFile stored = store.put(
                new NewFile(new AccountId("acme"), StoredFile.Kind.OUTPUT, "film", "video/mp4", Json.object(), null),
                new ByteArrayInputStream(large));

        assertThat(stored.size()).isEqualTo(large.length);
        try (InputStream whole = store.open(stored.id()); InputStream last = store.open(stored.id(), large.length - 3)) {
            assertThat(whole.readAllBytes()).isEqualTo(large);
            assertThat(last.readAllBytes()).isEqualTo(Arrays.copyOfRange(large, large.length - 3, large.length));
        }
    }

    @Test
    void shouldSayThatItIsAwayWhenTheStoreRefusesTheKeys() throws Exception {
        StoredFile stored = put(store(NOW), "acme", StoredFile.Kind.UPLOAD, "x", null);
        S3Settings right = server.settings();
        S3FileStore wrong = store(
                new S3Settings(right.endpoint(), right.bucket(), right.region(), right.accessKey(), new Secret("guessed")), NOW);

        assertThatThrownBy(() -> put(wrong, "acme", StoredFile.Kind.UPLOAD, "x", null))
                .isInstanceOf(StorageAwayException.class).hasMessageContaining("403 to PUT (SignatureDoesNotMatch)");
        assertThatThrownBy(() -> wrong.open(stored.id()))
                .isInstanceOf(StorageAwayException.class).hasMessageContaining("403 to GET (SignatureDoesNotMatch)");
        assertThatThrownBy(() -> wrong.uploads(new AccountId("acme"), null, 10)).isInstanceOf(StorageAwayException.class);
    }

    @Test
    void shouldSayThatItIsAwayWhenItsClockIsFarFromTheStores() {
        assertThatThrownBy(() -> put(store(NOW.plus(Duration.ofDays(1))), "acme", StoredFile.Kind.UPLOAD, "x", null))
                .isInstanceOf(StorageAwayException.class).hasMessageContaining("RequestTimeTooSkewed");
    }

    @Test
    void shouldSayThatItIsAwayWhenNothingAnswers() throws Exception {
        S3FileStore away = store(server.settings(URI.create("http://127.0.0.1:1")), NOW);

        assertThatThrownBy(() -> put(away, "acme", StoredFile.Kind.UPLOAD, "x", null))
                .isInstanceOf(StorageAwayException.class);
        assertThatThrownBy(() -> away.find(new FileId("01kdyak3see2pvzfhg7rstevqk")))
                .isInstanceOf(StorageAwayException.class);
        try (Stream<Path> left = Files.list(spool)) {
            assertThat(left).isEmpty();
        }
    }
}
