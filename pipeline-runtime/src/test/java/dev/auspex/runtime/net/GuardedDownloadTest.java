package dev.auspex.runtime.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.runtime.config.ProxyAddress;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedDownloadTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Vertx vertx;
    private GuardedDownload download;
    private String base;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    String path = request.path();
                    var response = request.response();
                    if (path.startsWith("/hop")) {
                        int left = Integer.parseInt(path.substring(4));
                        response.setStatusCode(302)
                                .putHeader("location", left == 0 ? "file?x=1" : "/hop" + (left - 1))
                                .end();
                    } else if (path.equals("/away")) {
                        response.setStatusCode(302).putHeader("location", "http://192.168.3.4/").end();
                    } else if (path.equals("/endless")) {
                        response.setChunked(true);
                        response.write("x".repeat(5_000));
                    } else if (path.equals("/missing")) {
                        response.setStatusCode(404).end("no");
                    } else {
                        response.putHeader("content-type", "text/plain; charset=utf-8")
                                .end(request.getHeader("host") + " " + request.uri());
                    }
                })
                .listen(0, "127.0.0.1")
                .await();
        base = "http://localhost:" + server.actualPort();
        download = new GuardedDownload(
                vertx, new Egress(AddressGuard.of(List.of("127.0.0.1:" + server.actualPort())), null));
    }

    @AfterEach
    void close() {
        download.close();
        vertx.close().await();
    }

    @Test
    void shouldKeepTheNameInHostWhenItConnectsToTheCheckedAddress() throws Exception {
        Path target = folder.resolve("a");
        GuardedDownload.Downloaded got = download.fetch(base + "/a%20b?q=1", target, 1_000, LIMIT);
        assertThat(Files.readString(target)).isEqualTo(base.substring(7) + " /a%20b?q=1");
        assertThat(got.contentType()).isEqualTo("text/plain");
        assertThat(got.size()).isEqualTo(Files.size(target));
    }

    @Test
    void shouldFollowAFewRedirectsWhenTheyAreAllowed() throws Exception {
        download.fetch(base + "/hop2", folder.resolve("a"), 1_000, LIMIT);
        assertThat(Files.readString(folder.resolve("a"))).endsWith(" /file?x=1");
        refused(base + "/hop3", 1_000, "more than 3 redirects");
    }

    @Test
    void shouldRefuseWhenAnAddressIsForbidden() {
        refused(base + "/away", 1_000, "may not be reached");
        refused("http://10.0.0.1/", 1_000, "may not be reached");
        refused("http://0x7f.1/", 1_000, "expected an http or https URL");
        refused("ftp://example.test/", 1_000, "expected an http or https URL");
        refused("http://user@localhost/", 1_000, "without user information");
    }

    @Test
    void shouldAskTheProxyForNamesAndNobodyForWhatIsForbidden() throws Exception {
        // What a proxy gets is the whole address; this one answers itself.
        ProxyAddress proxy = ProxyAddress.parse(base.replace("localhost", "127.0.0.1"));
        try (GuardedDownload proxied = new GuardedDownload(vertx, new Egress(AddressGuard.of(List.of()), proxy))) {
            Path target = folder.resolve("proxied");
            proxied.fetch("http://files.example.test:8080/a?b=1", target, 1_000, LIMIT);
            assertThat(Files.readString(target)).isEqualTo("files.example.test:8080 http://files.example.test:8080/a?b=1");
            for (String url : List.of("http://10.0.0.1/", "http://localhost/", "http://db/", "http://db.internal/")) {
                assertThatThrownBy(() -> proxied.fetch(url, target, 1_000, LIMIT)).as(url)
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching("the address may not be called|the host's name is one of a private network");
            }
        }
    }

    @Test
    void shouldEndSoonWhenSomebodyWantsItStopped() {
        java.util.concurrent.atomic.AtomicInteger asked = new java.util.concurrent.atomic.AtomicInteger();

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> download.fetch(
                        base + "/endless", folder.resolve("a"), 100_000, Duration.ofMinutes(5),
                        () -> asked.incrementAndGet() > 3))
                .isInstanceOf(java.io.InterruptedIOException.class)
                .hasMessage("the download was stopped");
        assertThat(asked).hasValue(4);
    }

    @Test
    void shouldStopWhenTheBodyIsTooLargeOrTakesTooLong() {
        refused(base + "/endless", 1_000, "larger than 1000 bytes");
        refused(base + "/file", 3, "larger than 3 bytes");
        refused(base + "/missing", 1_000, "the server answered 404");
        assertThatThrownBy(() -> download.fetch(
                        base + "/endless", folder.resolve("slow"), 10_000, Duration.ofMillis(300)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
    }

    private void refused(String url, long max, String message) {
        assertThatThrownBy(() -> download.fetch(url, folder.resolve("refused"), max, LIMIT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }
}
