package dev.auspex.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.StorageAwayException;
import dev.auspex.runtime.files.StorageFullException;
import dev.auspex.runtime.files.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UploadIT {

    private static final String CONTENT = "--b\r\nContent-Disposition: form-data; name=\"content\"; filename=\"in.png\"\r\n"
            + "Content-Type: image/png\r\n\r\nPNG!\r\n";

    @TempDir
    Path folder;

    private FilesFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new FilesFixture(folder);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    static Stream<Arguments> clients() {
        return Stream.of(
                Arguments.of("JavaScript", "------formdata-undici-012345678901",
                        "--------formdata-undici-012345678901\r\n"
                                + "Content-Disposition: form-data; name=\"content\"; filename=\"buffer_1767323045678\"\r\n"
                                + "Content-Type: application/octet-stream\r\n\r\nPNG!\r\n"
                                + "--------formdata-undici-012345678901\r\n"
                                + "Content-Disposition: form-data; name=\"metadata\"; filename=\"blob\"\r\n"
                                + "Content-Type: application/json\r\n\r\n{\"a\":\"b\"}\r\n"
                                + "--------formdata-undici-012345678901--\r\n",
                        "buffer_1767323045678", "application/octet-stream", "{\"a\":\"b\"}"),
                Arguments.of("Python", "1f2e3d4c5b6a79880123456789abcdef",
                        "--1f2e3d4c5b6a79880123456789abcdef\r\n"
                                + "Content-Disposition: form-data; name=\"content\"; filename=\"/home/me/in.png\"\r\n"
                                + "Content-Type: image/png\r\n\r\nPNG!\r\n"
                                + "--1f2e3d4c5b6a79880123456789abcdef\r\n"
                                + "Content-Disposition: form-data; name=\"metadata\"\r\n"
                                + "Content-Type: application/json\r\n\r\n{\"a\":\"b\"}\r\n"
                                + "--1f2e3d4c5b6a79880123456789abcdef--\r\n",
                        "in.png", "image/png", "{\"a\":\"b\"}"),
                Arguments.of("Python beta", "x",
                        "--x\r\nContent-Disposition: form-data; name=\"filename\"\r\n\r\nnicer.jpg\r\n"
                                + "--x\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage/jpeg\r\n"
                                + "--x\r\nContent-Disposition: form-data; name=\"content\"; filename=\"upload\"\r\n"
                                + "Content-Type: application/octet-stream\r\n\r\nPNG!\r\n--x--\r\n",
                        "nicer.jpg", "image/jpeg", "{}"),
                Arguments.of("Go", "0123456789abcdef",
                        "--0123456789abcdef\r\nContent-Disposition: form-data; name=\"content\"; filename=\"in.png\"\r\n"
                                + "Content-Type: application/octet-stream\r\n\r\nPNG!\r\n"
                                + "--0123456789abcdef\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{\"a\":\"b\"}\r\n"
                                + "--0123456789abcdef--\r\n",
                        "in.png", "application/octet-stream", "{\"a\":\"b\"}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void shouldStoreTheFileWhenAnOfficialClientUploads(
            String client, String boundary, String form, String name, String type, String metadata) throws Exception {
        HttpResponse<byte[]> response = fixture.post(
                "acme", "multipart/form-data; boundary=" + boundary, form.getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(201);
        JsonNode file = Json.parse(response.body());
        String id = file.get("id").asText();
        assertThat(id).hasSize(26);
        assertThat(response.headers().firstValue("location")).contains(FilesFixture.BASE + "/v1/files/" + id);
        assertThat(file.toString()).isEqualTo("{\"id\":\"" + id + "\",\"name\":\"" + name + "\",\"content_type\":\"" + type
                + "\",\"size\":4,\"etag\":\"fd1c0071b5909bb5bfe3da6d39b01854\",\"checksums\":{\"sha256\":\""
                + file.at("/checksums/sha256").asText() + "\",\"md5\":\"fd1c0071b5909bb5bfe3da6d39b01854\"},\"metadata\":"
                + metadata + ",\"created_at\":\"2026-01-02T03:04:05.678Z\",\"expires_at\":\"2026-01-02T04:04:05.678Z\","
                + "\"urls\":{\"get\":\"https://api.example.test/v1/files/" + id + "\"}}");
        assertThat(fixture.get("acme", "/v1/files/" + id).body()).isEqualTo(response.body());
        assertThat(fixture.get("acme", "/v1/files/" + id + "/download").body()).asString().isEqualTo("PNG!");
    }

    @Test
    void shouldKeepEveryByteWhenTheFileIsAsLargeAsAllowed() throws Exception {
        byte[] content = new byte[FilesFixture.LIMIT];
        new Random(7).nextBytes(content);

        HttpResponse<byte[]> response = fixture.post("acme", "multipart/form-data; boundary=b", form(content));

        assertThat(response.statusCode()).isEqualTo(201);
        String id = Json.parse(response.body()).get("id").asText();
        assertThat(fixture.get("acme", "/v1/files/" + id + "/download").body()).isEqualTo(content);
    }

    @Test
    void shouldRefuseAndKeepNothingWhenTheFileIsTooLarge() throws Exception {
        HttpResponse<byte[]> byLength =
                fixture.post("acme", "multipart/form-data; boundary=b", form(new byte[8 * 1024 * 1024]));
        HttpResponse<byte[]> chunked = fixture.send(fixture.request("/v1/files")
                .header("x-account", "acme")
                .header("content-type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(form(new byte[FilesFixture.LIMIT + 1])))));
        HttpResponse<byte[]> waiting = fixture.send(fixture.request("/v1/files")
                .header("x-account", "acme")
                .header("content-type", "multipart/form-data; boundary=b")
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofByteArray(form(new byte[8 * 1024 * 1024]))));

        assertThat(byLength.statusCode()).isEqualTo(413);
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(waiting.statusCode()).isEqualTo(413);
        assertNothingKept();
    }

    @Test
    void shouldStoreAndRefuseWhenTheClientSpeaksHttp2() throws Exception {
        HttpRequest.Builder request = fixture.request("/v1/files")
                .version(HttpClient.Version.HTTP_2)
                .header("x-account", "acme")
                .header("content-type", "multipart/form-data; boundary=b");
        fixture.send(fixture.request("/v1/files").version(HttpClient.Version.HTTP_2).header("x-account", "acme"));

        HttpResponse<byte[]> stored = fixture.send(request.POST(
                HttpRequest.BodyPublishers.ofByteArray(form(new byte[FilesFixture.LIMIT]))));
        HttpResponse<byte[]> refused = fixture.send(request.POST(
                HttpRequest.BodyPublishers.ofByteArray(form(new byte[8 * 1024 * 1024]))));

        assertThat(stored.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(stored.statusCode()).isEqualTo(201);
        assertThat(refused.statusCode()).isEqualTo(413);
    }

    @Test
    void shouldAnswerAndHangUpWhenTheClientStopsSending() throws Exception {
        try (FilesFixture impatient = new FilesFixture(folder.resolve("impatient"), Duration.ofMillis(50));
                Socket socket = new Socket("127.0.0.1", impatient.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(("POST /v1/files HTTP/1.1\r\nHost: x\r\nx-account: acme\r\n"
                    + "Content-Length: 60000\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n" + CONTENT)
                    .getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 422 ").containsIgnoringCase("connection: close");
        }
    }

    @Test
    void shouldAnswerWhenTheClientWaitsForTheGoAhead() throws Exception {
        HttpResponse<byte[]> response = fixture.send(fixture.request("/v1/files")
                .header("x-account", "acme")
                .header("content-type", "multipart/form-data; boundary=b")
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofString(CONTENT + "--b--\r\n")));

        assertThat(response.statusCode()).isEqualTo(201);
    }

    static Stream<Arguments> hostileForms() {
        return Stream.of(
                Arguments.of("no parts", "--b--\r\n"),
                Arguments.of("no content", "--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{}\r\n--b--"),
                Arguments.of("two contents", CONTENT + CONTENT + "--b--"),
                Arguments.of("two metadata", field("metadata", "{}") + CONTENT + field("metadata", "{}") + "--b--"),
                Arguments.of("no end", CONTENT),
                Arguments.of("not multipart", "{\"content\":1}"),
                Arguments.of("empty", ""),
                Arguments.of("empty filename", named("filename=\"\"")),
                Arguments.of("dots as filename", named("filename=\"..\"")),
                Arguments.of("only a folder", named("filename=\"/etc/\"")),
                Arguments.of("line end in filename", named("filename=\"a\r\nSet-Cookie: x=1\"")),
                Arguments.of("escaped line end in filename", named("filename*=UTF-8''a%0d%0aSet-Cookie:%20x")),
                Arguments.of("long filename", named("filename=\"" + "n".repeat(256) + "\"")),
                Arguments.of("long filename field", CONTENT + field("filename", "n".repeat(256)) + "--b--"),
                Arguments.of("line end in filename field", CONTENT + field("filename", "a\r\nb") + "--b--"),
                Arguments.of("bad type", CONTENT + field("type", "text/html\r\nSet-Cookie: x=1") + "--b--"),
                Arguments.of("type without slash", CONTENT + field("type", "html") + "--b--"),
                Arguments.of("metadata not an object", CONTENT + field("metadata", "[1]") + "--b--"),
                Arguments.of("metadata not JSON", CONTENT + field("metadata", "{\"a\":") + "--b--"),
                Arguments.of("metadata with a key twice", CONTENT + field("metadata", "{\"a\":1,\"a\":2}") + "--b--"),
                Arguments.of("metadata with an infinite number", CONTENT + field("metadata", "{\"a\":1e400}") + "--b--"),
                Arguments.of("deep metadata", CONTENT + field("metadata", "{\"a\":" + "[".repeat(30_000)) + "--b--"),
                Arguments.of("long metadata", CONTENT + field("metadata", "{\"a\":\"" + "x".repeat(70_000) + "\"}") + "--b--"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileForms")
    void shouldRefuseAndKeepNothingWhenTheFormIsHostile(String what, String form) throws Exception {
        HttpResponse<byte[]> response = fixture.postForm(form);

        assertThat(response.statusCode()).as(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo(422);
        assertNothingKept();
    }

    @Test
    void shouldRefuseWhenTheBodyIsOfAnotherTypeOrHasNoBoundary() throws Exception {
        assertThat(fixture.post("acme", "application/json", new byte[2]).statusCode()).isEqualTo(415);
        assertThat(fixture.post("acme", "multipart/form-data", new byte[2]).statusCode()).isEqualTo(422);
        assertThat(fixture.post("acme", "multipart/form-data; boundary=\"" + "b".repeat(71) + "\"", new byte[2])
                .statusCode()).isEqualTo(422);
        assertThat(fixture.send(fixture.request("/v1/files").header("x-account", "acme")
                .POST(HttpRequest.BodyPublishers.noBody())).statusCode()).isEqualTo(415);
    }

    @Test
    void shouldKeepNothingWhenTheClientLeavesInTheMiddle() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", fixture.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v1/files HTTP/1.1\r\nHost: x\r\nx-account: acme\r\nContent-Length: 60000\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\n\r\n" + CONTENT.substring(0, CONTENT.length() - 3))
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Awaitility.await().untilAsserted(() -> assertThat(entries("incoming")).isEqualTo(1));
        }

        Awaitility.await().untilAsserted(this::assertNothingKept);
    }

    @Test
    void shouldSayThatThereIsNoRoomWhenTheStoreIsFull() throws Exception {
        try (FilesFixture full = new FilesFixture(
                folder.resolve("full"), store -> new BrokenStore(store, new StorageFullException(new IOException("No space left on device"))))) {
            assertThat(full.postForm(CONTENT + "--b--").statusCode()).isEqualTo(507);
        }
    }

    @Test
    void shouldAskToTryAgainWhenTheStoreIsAway() throws Exception {
        try (FilesFixture away = new FilesFixture(
                folder.resolve("away"), store -> new BrokenStore(store, new StorageAwayException("away", null)))) {
            assertThat(away.postForm(CONTENT + "--b--").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void shouldThrottleOneAccountOnlyWhenItUploadsTooMuchAtOnce() {
        UploadSlots slots = new UploadSlots(3, 2);
        var acme = new AccountId("acme");
        var other = new AccountId("other");

        assertThat(slots.take(acme)).isTrue();
        assertThat(slots.take(acme)).isTrue();
        assertThat(slots.take(acme)).isFalse();
        assertThat(slots.take(other)).isTrue();
        assertThat(slots.take(other)).isFalse();
        slots.release(acme);
        assertThat(slots.take(other)).isTrue();
    }

    private static String field(String name, String value) {
        return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static String named(String filename) {
        return "--b\r\nContent-Disposition: form-data; name=\"content\"; " + filename + "\r\n\r\nx\r\n--b--\r\n";
    }

    private static byte[] form(byte[] content) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes("--b\r\nContent-Disposition: form-data; name=\"content\"; filename=\"f\"\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(content);
        form.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        return form.toByteArray();
    }

    private void assertNothingKept() throws Exception {
        assertThat(entries("incoming")).isZero();
        assertThat(Json.parse(fixture.get("acme", "/v1/files").body()).get("results")).isEmpty();
    }

    private long entries(String name) throws IOException {
        Path path = folder.resolve("files").resolve(name);
        if (Files.notExists(path)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(path)) {
            return all.count();
        }
    }

    /** A store that takes nothing. */
    private static final class BrokenStore implements FileStore {
        private final FileStore files;
        private final IOException failure;

        BrokenStore(FileStore files, IOException failure) {
            this.files = files;
            this.failure = failure;
        }

        @Override
        public StoredFile put(Description description, InputStream content) throws IOException {
            throw failure;
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
            return files.localPath(id);
        }

        @Override
        public List<StoredFile> uploads(
                AccountId account, FileId before, int limit)
                throws IOException {
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
