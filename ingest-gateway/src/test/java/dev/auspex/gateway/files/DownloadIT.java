package dev.auspex.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileSignature;
import dev.auspex.runtime.files.FileUrls;
import dev.auspex.runtime.files.StoredFile;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadIT {

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

    @Test
    void shouldServeAnOutputWithSafeHeadersWhenNobodyIsLoggedIn() throws Exception {
        StoredFile file = fixture.output("a \"b\" ☃.html", "text/html", "<script>");
        String path = FileUrls.output("", file);

        HttpResponse<byte[]> response = fixture.send(fixture.request(path));
        HttpResponse<byte[]> head = fixture.send(fixture.request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));

        for (HttpResponse<byte[]> each : java.util.List.of(response, head)) {
            assertThat(each.statusCode()).isEqualTo(200);
            assertThat(header(each, "content-type")).isEqualTo("text/html");
            assertThat(header(each, "content-length")).isEqualTo("8");
            assertThat(header(each, "etag")).isEqualTo("\"" + file.md5() + "\"");
            assertThat(header(each, "accept-ranges")).isEqualTo("bytes");
            assertThat(header(each, "cache-control")).isEqualTo("public,max-age=3600");
            assertThat(header(each, "access-control-allow-origin")).isEqualTo("*");
            assertThat(header(each, "x-content-type-options")).isEqualTo("nosniff");
            assertThat(header(each, "content-security-policy")).isEqualTo("sandbox");
            assertThat(header(each, "content-disposition"))
                    .isEqualTo("inline; filename=\"a _b_ _.html\"; filename*=UTF-8''a%20%22b%22%20%E2%98%83.html");
        }
        assertThat(response.body()).asString().isEqualTo("<script>");
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"bytes=2-4, 206, 234, bytes 2-4/10", "bytes=7-, 206, 789, bytes 7-9/10", "bytes=-2, 206, 89, bytes 8-9/10",
        "'bytes=0-1,4-5', 200, 0123456789,", "nonsense, 200, 0123456789,"})
    void shouldServeAPartWhenARangeIsAskedFor(String range, int status, String body, String contentRange)
            throws Exception {
        StoredFile file = fixture.output("n.txt", "text/plain", "0123456789");

        HttpResponse<byte[]> response =
                fixture.send(fixture.request(FileUrls.output("", file)).header("range", range));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).asString().isEqualTo(body);
        assertThat(response.headers().firstValue("content-range").orElse(null)).isEqualTo(contentRange);
    }

    @Test
    void shouldRefuseWhenTheRangeLiesOutsideTheFile() throws Exception {
        StoredFile file = fixture.output("n.txt", "text/plain", "0123456789");

        HttpResponse<byte[]> response =
                fixture.send(fixture.request(FileUrls.output("", file)).header("range", "bytes=10-"));

        assertThat(response.statusCode()).isEqualTo(416);
        assertThat(header(response, "content-range")).isEqualTo("bytes */10");
    }

    @Test
    void shouldAnswerByEntityTagWhenTheClientKnowsTheFile() throws Exception {
        StoredFile file = fixture.output("n.txt", "text/plain", "0123456789");
        String path = FileUrls.output("", file);
        String etag = "\"" + file.md5() + "\"";

        assertThat(fixture.send(fixture.request(path).header("if-none-match", "\"x\", W/" + etag)).statusCode())
                .isEqualTo(304);
        assertThat(fixture.send(fixture.request(path).header("if-none-match", "*")).statusCode()).isEqualTo(304);
        assertThat(fixture.send(fixture.request(path).header("if-none-match", "\"x\"")).statusCode()).isEqualTo(200);
        assertThat(fixture.send(fixture.request(path).header("range", "bytes=1-1").header("if-range", etag)).statusCode())
                .isEqualTo(206);
        assertThat(fixture.send(fixture.request(path).header("range", "bytes=1-1").header("if-range", "\"x\""))
                .statusCode()).isEqualTo(200);
    }

    @Test
    void shouldServeTheSameWhenTheStoreHasNoLocalFiles() throws Exception {
        try (FilesFixture remote = new FilesFixture(folder.resolve("remote"), FilesFixture.RemoteStore::new)) {
            String content = "0123456789".repeat(50_000);
            StoredFile file = remote.output("n.txt", "text/plain", content);

            HttpResponse<byte[]> whole = remote.send(remote.request(FileUrls.output("", file)));
            HttpResponse<byte[]> part =
                    remote.send(remote.request(FileUrls.output("", file)).header("range", "bytes=300000-399999"));

            assertThat(whole.body()).asString().isEqualTo(content);
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).asString().isEqualTo(content.substring(300_000, 400_000));
        }
    }

    @Test
    void shouldServeNothingWhenTheFileIsEmpty() throws Exception {
        StoredFile file = fixture.output("empty", "text/plain", "");

        HttpResponse<byte[]> response = fixture.send(fixture.request(FileUrls.output("", file)));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void shouldNotServeUploadsOnTheRouteOfOutputsNorOutputsAsUploads() throws Exception {
        StoredFile upload = fixture.upload("acme", "secret.txt", "secret");
        StoredFile output = fixture.output("o.txt", "text/plain", "public");

        assertThat(fixture.send(fixture.request("/files/" + upload.id() + "/secret.txt")).statusCode()).isEqualTo(404);
        assertThat(fixture.get("acme", "/v1/files/" + output.id()).statusCode()).isEqualTo(404);
        assertThat(fixture.get("acme", "/v1/files/" + output.id() + "/download").statusCode()).isEqualTo(404);
        assertThat(fixture.send(fixture.request("/v1/files/" + output.id()).header("x-account", "acme").DELETE())
                .statusCode()).isEqualTo(404);
    }

    @Test
    void shouldHideAFileWhenItIsSomebodyElses() throws Exception {
        StoredFile upload = fixture.upload("acme", "a.txt", "secret");

        assertThat(fixture.get("other", "/v1/files/" + upload.id()).statusCode()).isEqualTo(404);
        assertThat(fixture.get("other", "/v1/files/" + upload.id() + "/download").statusCode()).isEqualTo(404);
        assertThat(fixture.send(fixture.request("/v1/files/" + upload.id()).header("x-account", "other").DELETE())
                .statusCode()).isEqualTo(404);
        assertThat(Json.parse(fixture.get("other", "/v1/files").body()).get("results")).isEmpty();
        assertThat(fixture.send(fixture.request("/v1/files/" + upload.id() + "/download")).statusCode()).isEqualTo(401);
        assertThat(fixture.get("acme", "/v1/files/" + upload.id() + "/download").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldServeAnUploadWithoutTokenWhenTheAddressIsSigned() throws Exception {
        StoredFile upload = fixture.upload("acme", "a.txt", "secret");
        FileSignature signature = new FileSignature(fixture.context.secret());
        String url = signature.downloadUrl(
                "", new AccountId("acme"), upload.id(), fixture.clock.instant().plusSeconds(60));

        HttpResponse<byte[]> response = fixture.send(fixture.request(url));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).asString().isEqualTo("secret");
        assertThat(header(response, "content-disposition")).startsWith("attachment;");
        assertThat(header(response, "cache-control")).isEqualTo("private,no-store");
        assertThat(fixture.send(fixture.request(url.replace("/v1/", "/"))).statusCode()).isEqualTo(200);
        assertThat(fixture.send(fixture.request(url.replace("owner=acme", "owner=other"))).statusCode()).isEqualTo(404);
        assertThat(fixture.send(fixture.request(url.replace("owner=acme", "owner=../../x"))).statusCode()).isEqualTo(404);
        assertThat(fixture.send(fixture.request(url.replaceFirst("expiry=\\d+", "expiry=9999999999"))).statusCode())
                .isEqualTo(404);
        assertThat(fixture.send(fixture.request(url.replaceFirst("expiry=\\d+", "expiry=x"))).statusCode()).isEqualTo(404);
        assertThat(fixture.send(fixture.request(url.replaceFirst("signature=.*", "signature=%%%".replace("%", "%25"))))
                .statusCode()).isEqualTo(404);

        fixture.clock.advance(Duration.ofSeconds(60));
        assertThat(fixture.send(fixture.request(url)).statusCode()).isEqualTo(404);
    }

    @Test
    void shouldListNewestFirstInPagesWhenThereAreMany() throws Exception {
        for (int i = 0; i < 201; i++) {
            fixture.upload("acme", "f" + i, "x");
            fixture.clock.advance(Duration.ofMillis(1));
        }

        JsonNode first = page("/v1/files");
        assertThat(first.get("next").asText()).startsWith(FilesFixture.BASE + "/v1/files?cursor=");
        JsonNode second = page(first.get("next").asText());
        JsonNode third = page(second.get("next").asText());

        assertThat(first.get("results")).hasSize(100);
        assertThat(first.at("/results/0/name").asText()).isEqualTo("f200");
        assertThat(first.get("previous").isNull()).isTrue();
        assertThat(second.at("/results/0/name").asText()).isEqualTo("f100");
        assertThat(third.get("results")).hasSize(1);
        assertThat(third.at("/results/0/name").asText()).isEqualTo("f0");
        assertThat(third.get("next").isNull()).isTrue();
        JsonNode back = page(third.get("previous").asText());
        assertThat(back.get("results")).isEqualTo(second.get("results"));
        assertThat(page(back.get("next").asText()).get("results")).isEqualTo(third.get("results"));
        JsonNode begin = page(back.get("previous").asText());
        assertThat(begin.get("results")).isEqualTo(first.get("results"));
        assertThat(begin.get("previous").isNull()).isTrue();
        assertThat(fixture.get("acme", "/v1/files?cursor=nonsense").statusCode()).isEqualTo(422);
    }

    private JsonNode page(String address) throws Exception {
        return Json.parse(fixture.get("acme", address.replace(FilesFixture.BASE, "")).body());
    }

    @Test
    void shouldForgetAFileWhenItIsDeletedOrExpired() throws Exception {
        StoredFile deleted = fixture.upload("acme", "a", "x");
        StoredFile expired = fixture.upload("acme", "b", "x");
        HttpRequest.Builder delete = fixture.request("/v1/files/" + deleted.id()).header("x-account", "acme").DELETE();

        assertThat(fixture.send(delete).statusCode()).isEqualTo(204);
        assertThat(fixture.send(delete).statusCode()).isEqualTo(404);
        assertThat(fixture.get("acme", "/v1/files/" + deleted.id()).statusCode()).isEqualTo(404);
        fixture.clock.advance(Duration.ofHours(2));
        assertThat(fixture.get("acme", "/v1/files/" + expired.id()).statusCode()).isEqualTo(404);
        assertThat(Json.parse(fixture.get("acme", "/v1/files").body()).get("results")).isEmpty();
    }

    @Test
    void shouldRemoveExpiredFilesWhenTheSweepRuns() throws Exception {
        StoredFile expired = fixture.upload("acme", "b", "x");
        fixture.clock.advance(Duration.ofHours(3));

        try (ExpirySweep sweep = new ExpirySweep(fixture.context.vertx(), fixture.files, Duration.ofMillis(20))) {
            Awaitility.await().untilAsserted(
                    () -> assertThat(fixture.files.localPath(expired.id()).orElseThrow()).doesNotExist());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/files/../../../etc/passwd", "/files/..%2f..%2f..%2fetc/passwd", "/files/%2e%2e/%2e%2e/passwd",
        "/v1/files/..%2f..%2fsecret", "/v1/files/%00", "/v1/files/../../../../etc/passwd/download",
        "/v1/files/0123456789abcdefghjkmnpqr%2f/download", "/files/..;/..;/etc/passwd", "/v1/files/%ff%fe",
        "/files/%c0%ae%c0%ae%c0%af/x", "/v1/files/%zz", "/files//x"
    })
    void shouldFindNothingWhenThePathTriesToLeaveTheStore(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nx-account: acme\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d .*").doesNotContain("root:");
    }

    // Java's client would tidy these paths up.
    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", fixture.port()); InputStream in = socket.getInputStream()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow();
    }
}
