package dev.auspex.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileStoreTest {

    private static final AccountId ACME = new AccountId("acme");

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock();

    @Test
    void shouldGiveBackWhatWasStoredWhenAskedFor() throws IOException {
        LocalFileStore store = store();
        ObjectNode metadata = Json.object().put("k", "v");

        StoredFile stored = store.put(
                new FileStore.NewFile(ACME, StoredFile.Kind.OUTPUT, "hello ☃.txt", "text/plain", metadata, null),
                content("hello"));

        assertThat(stored.size()).isEqualTo(5);
        assertThat(stored.md5()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(stored.sha256())
                .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(stored.createdAt()).isEqualTo(clock.instant());
        assertThat(store().find(stored.id())).contains(stored);
        try (InputStream in = store.open(stored.id())) {
            assertThat(in.readAllBytes()).asString().isEqualTo("hello");
        }
        assertThat(store.localPath(stored.id()).orElseThrow()).hasContent("hello");
        assertThat(store.uploads(ACME, null, 10)).as("outputs are not listed").isEmpty();
        assertThat(incoming()).isEmpty();
    }

    @Test
    void shouldAskForTheDescriptionWhenTheContentHasBeenRead() throws IOException {
        LocalFileStore store = store();
        StringBuilder order = new StringBuilder();
        InputStream content = new ByteArrayInputStream(new byte[3]) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                order.append('c');
                return super.read(target, offset, length);
            }
        };

        StoredFile stored = store.put(() -> {
            order.append('d');
            return upload("later", null);
        }, content);

        assertThat(order.toString()).matches("c+d");
        assertThat(stored.name()).isEqualTo("later");
    }

    @Test
    void shouldLeaveNothingWhenContentOrDescriptionFails() throws IOException {
        LocalFileStore store = store();
        InputStream broken = new ByteArrayInputStream(new byte[100_000]) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                int count = super.read(target, offset, length);
                if (count < 0) {
                    throw new UncheckedIOException(new IOException("the client left"));
                }
                return count;
            }
        };
        InputStream closed = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("closed");
            }
        };

        assertThatThrownBy(() -> store.put(upload("a", null), closed)).hasMessage("closed");
        assertThatThrownBy(() -> store.put(upload("a", null), broken)).hasMessageContaining("the client left");
        assertThatThrownBy(() -> store.put(() -> {
            throw new IllegalStateException("bad form");
        }, content("x"))).hasMessage("bad form");

        assertThat(incoming()).isEmpty();
        assertThat(store.uploads(ACME, null, 10)).isEmpty();
    }

    @Test
    void shouldListNewestFirstWhenAnAccountHasManyUploads() throws IOException {
        LocalFileStore store = store();
        for (int i = 0; i < 5; i++) {
            store.put(upload("f" + i, null), content("x"));
            clock.advance(Duration.ofMillis(1));
        }
        store.put(new FileStore.NewFile(
                new AccountId("other"), StoredFile.Kind.UPLOAD, "foreign", "text/plain", Json.object(), null), content("x"));
        Files.createFile(folder.resolve("accounts/acme/.DS_Store"));

        List<StoredFile> first = store.uploads(ACME, null, 2);
        List<StoredFile> rest = store.uploads(ACME, first.getLast().id(), 10);

        assertThat(first).extracting(StoredFile::name).containsExactly("f4", "f3");
        assertThat(rest).extracting(StoredFile::name).containsExactly("f2", "f1", "f0");
    }

    @Test
    void shouldBeGoneWhenDeleted() throws IOException {
        LocalFileStore store = store();
        StoredFile file = store.put(upload("a", null), content("x"));

        assertThat(store.delete(file.id())).isTrue();

        assertThat(store.delete(file.id())).isFalse();
        assertThat(store.find(file.id())).isEmpty();
        assertThat(store.uploads(ACME, null, 10)).isEmpty();
        assertThatThrownBy(() -> store.open(file.id())).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void shouldTellOnlyOneThatItDeletedWhenManyDeleteAtOnce() throws Exception {
        LocalFileStore store = store();
        StoredFile file = store.put(upload("a", null), content("x"));
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> results = Stream.generate(() -> threads.submit(() -> {
                go.await();
                return store.delete(file.id());
            })).limit(8).toList();
            go.countDown();

            int winners = 0;
            for (Future<Boolean> result : results) {
                winners += result.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        }
    }

    @Test
    void shouldHideExpiredFilesAtOnceAndRemoveThemWhenSwept() throws IOException {
        LocalFileStore store = store();
        StoredFile brief = store.put(upload("brief", clock.instant().plusSeconds(60)), content("x"));
        StoredFile kept = store.put(upload("kept", null), content("x"));

        clock.advance(Duration.ofSeconds(60));
        assertThat(store.find(brief.id())).isEmpty();
        assertThat(store.uploads(ACME, null, 10)).containsExactly(kept);
        assertThat(store.deleteExpired(10)).as("its hour is not over").isZero();

        clock.advance(Duration.ofHours(1));
        assertThat(store.deleteExpired(10)).isEqualTo(1);
        assertThat(store.localPath(brief.id()).orElseThrow()).doesNotExist();
        assertThat(folder.resolve("expiring")).isEmptyDirectory();
        assertThat(store.deleteExpired(10)).isZero();
        assertThat(store.find(kept.id())).contains(kept);
    }

    @Test
    void shouldRemoveOnlySoManyWhenTheSweepIsLimited() throws IOException {
        LocalFileStore store = store();
        for (int i = 0; i < 5; i++) {
            store.put(upload("f" + i, clock.instant().plusSeconds(1)), content("x"));
        }
        clock.advance(Duration.ofHours(2));

        assertThat(store.deleteExpired(3)).isEqualTo(3);
        assertThat(store.deleteExpired(3)).isEqualTo(2);
    }

    @Test
    void shouldSweepMarkersWhenTheFileWasDeletedBefore() throws IOException {
        LocalFileStore store = store();
        StoredFile file = store.put(upload("a", clock.instant().plusSeconds(1)), content("x"));
        store.delete(file.id());
        clock.advance(Duration.ofHours(2));

        assertThat(store.deleteExpired(10)).isZero();
        assertThat(folder.resolve("expiring")).isEmptyDirectory();
    }

    @Test
    void shouldSweepWhatADeadWriterLeftWhenItIsOldEnough() throws IOException {
        LocalFileStore store = store();
        Path left = folder.resolve("incoming").resolve(FileId.create(clock.instant(), new SecureRandom()).value());
        Files.createDirectories(left);
        Files.writeString(left.resolve("content"), "half");

        store.deleteExpired(10);
        assertThat(left).exists();
        clock.advance(Duration.ofDays(2));
        store.deleteExpired(10);

        assertThat(left).doesNotExist();
    }

    @Test
    void shouldSayThatItIsFullWhenTheDeviceHasNoRoom() {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/full")));

        assertThatThrownBy(() -> {
            try (OutputStream out = Files.newOutputStream(Path.of("/dev/full"))) {
                out.write(1);
            }
        }).isInstanceOfSatisfying(IOException.class, e -> assertThat(StorageFullException.isMeantBy(e)).isTrue());
        assertThat(StorageFullException.isMeantBy(new IOException("Connection reset"))).isFalse();
        assertThat(StorageFullException.isMeantBy(new IOException())).isFalse();
    }

    @Test
    void shouldReportAFullStoreWhenWritingMeetsIt() {
        LocalFileStore store = store();
        InputStream full = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThatThrownBy(() -> store.put(upload("a", null), full)).isInstanceOf(StorageFullException.class);
    }

    private LocalFileStore store() {
        return new LocalFileStore(folder, clock);
    }

    private static FileStore.NewFile upload(String name, Instant expiresAt) {
        return new FileStore.NewFile(ACME, StoredFile.Kind.UPLOAD, name, "text/plain", Json.object(), expiresAt);
    }

    private static InputStream content(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<Path> incoming() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("incoming"))) {
            return all.toList();
        }
    }

    /** A clock that stands until it is moved. */
    private static final class MovableClock extends Clock {
        private Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
