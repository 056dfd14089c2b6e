package dev.auspex.gateway.files;

import dev.auspex.gateway.GatewayFixture;
import dev.auspex.gateway.http.HeaderCaller;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.LocalFileStore;
import dev.auspex.runtime.files.StoredFile;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The Files API on a real server, with a store in a folder and a clock that tests move. */
final class FilesFixture implements AutoCloseable {

    static final int LIMIT = 64 * 1024;
    static final String BASE = "https://api.example.test";

    final MovableClock clock = new MovableClock();
    final FileStore files;
    final ServiceContext context;
    private final GatewayFixture server;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    FilesFixture(Path folder) throws Exception {
        this(folder, store -> store);
    }

    FilesFixture(Path folder, UnaryOperator<FileStore> wrap) throws Exception {
        this(folder, wrap, UploadHandler.PATIENCE);
    }

    FilesFixture(Path folder, Duration patience) throws Exception {
        this(folder, store -> store, patience);
    }

    private FilesFixture(Path folder, UnaryOperator<FileStore> wrap, Duration patience) throws Exception {
        Vertx vertx = Vertx.vertx();
        files = wrap.apply(new LocalFileStore(folder.resolve("files"), clock));
        context = GatewayFixture.context(vertx, clock, files, Map.of(
                "data", folder.toString(), "files.limit", LIMIT + "B", "files.expiry", "1h"));
        FileRoutes routes = new FileRoutes(context, new FirstClaims(clock), ctx -> BASE, patience);
        server = new GatewayFixture(vertx, router -> {
            routes.mountOpen(router, "/v1");
            routes.mountOpen(router, "");
            routes.mountOutputs(router);
            router.route().handler(HeaderCaller::authenticate);
            routes.mountAuthenticated(router, "/v1");
            routes.mountAuthenticated(router, "");
        });
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(30));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String account, String path) throws Exception {
        return send(request(path).header("x-account", account));
    }

    HttpResponse<byte[]> post(String account, String type, byte[] body) throws Exception {
        return send(request("/v1/files").header("x-account", account).header("content-type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** Posts a form whose text is Latin-1, so that tests can write any byte, with the boundary {@code b}. */
    HttpResponse<byte[]> postForm(String form) throws Exception {
        return post("acme", "multipart/form-data; boundary=b", form.getBytes(StandardCharsets.ISO_8859_1));
    }

    StoredFile output(String name, String type, String content) throws IOException {
        return files.put(
                new FileStore.NewFile(new AccountId("acme"), StoredFile.Kind.OUTPUT, name, type, Json.object(), null),
                new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    StoredFile upload(String account, String name, String content) throws IOException {
        return files.put(
                new FileStore.NewFile(new AccountId(account), StoredFile.Kind.UPLOAD, name, "text/plain",
                        Json.object(), clock.instant().plusSeconds(3600)),
                new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() throws Exception {
        client.close();
        server.close();
    }

    /** A clock that stands until it is moved. */
    static final class MovableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

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

    /** What a router does with claims: the first one that has not expired wins. */
    private record FirstClaims(Clock clock, Map<String, ClaimKey> held) implements Claims {
        FirstClaims(Clock clock) {
            this(clock, new ConcurrentHashMap<>());
        }

        @Override
        public Future<ClaimKey> winner(ClaimKey mine) {
            return Future.succeededFuture(held.merge(
                    mine.key(), mine, (first, later) -> first.holdsAt(clock.instant()) ? first : later));
        }

        @Override
        public Duration kept() {
            return Duration.ofHours(24);
        }
    }

    /** A store without local files, as an object store would be. */
    record RemoteStore(FileStore files) implements FileStore {
        @Override
        public StoredFile put(Description description, InputStream content) throws IOException {
            return files.put(description, content);
        }

        @Override
        public Optional<StoredFile> find(FileId id) throws IOException {
            return files.find(id);
        }

        @Override
        public InputStream open(FileId id) throws IOException {
            return files.open(id);
        }

        @Override
        public Optional<Path> localPath(FileId id) {
            return Optional.empty();
        }

        @Override
        public List<StoredFile> uploads(AccountId account, FileId before, int limit) throws IOException {
            return files.uploads(account, before, limit);
        }

        @Override
        public List<StoredFile> newerUploads(AccountId account, FileId after, int limit) throws IOException {
            return files.newerUploads(account, after, limit);
        }

        @Override
        public boolean delete(FileId id) throws IOException {
            return files.delete(id);
        }
    }
}
