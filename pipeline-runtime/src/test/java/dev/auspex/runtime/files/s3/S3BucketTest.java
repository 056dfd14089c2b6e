package dev.auspex.runtime.files.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
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
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests one by one, under names that have to be encoded, against a server that checks how they were signed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3BucketTest {

    private SigningS3 server;
    private S3Bucket bucket;

    @BeforeAll
    void start() throws Exception {
        server = SigningS3.start();
        S3Settings settings = server.settings();
        bucket = new S3Bucket(
                settings.endpoint(), settings.bucket(),
                new S3Signer(settings.region(), settings.accessKey(), settings.secretKey()), Clock.systemUTC());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a space", "plus+and&and=and?and#", "100%25", "<&\"'>", "ä/ö/日本/🙂", "tilde~star*paren()!$,;:@", "[brackets]{}|^`"})
    void shouldDoEveryRequestWhenAKeyHasOddCharacters(String key) throws Exception {
        byte[] content = key.getBytes(StandardCharsets.UTF_8);

        bucket.put(key, content);

        try (InputStream whole = bucket.get(key, 0); InputStream rest = bucket.get(key, 1)) {
            assertThat(whole.readAllBytes()).isEqualTo(content);
            assertThat(rest.readAllBytes()).hasSize(content.length - 1);
        }
        assertThat(bucket.list(key, "", 10)).containsExactly(key);
        URI address = bucket.signed(key, Duration.ofMinutes(1));
        assertThat(HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray())
                        .body())
                .isEqualTo(content);
        bucket.delete(key);
        assertThatThrownBy(() -> bucket.get(key, 0)).isInstanceOf(FileNotFoundException.class);
        bucket.delete(key);
    }

    @Test
    void shouldListWhatComesAfterAKeyWhenTheListHasPages() throws Exception {
        for (String name : List.of("a", "b c", "b+d", "e")) {
            bucket.put("pages/" + name, new byte[0]);
        }

        assertThat(bucket.list("pages/", "", 2)).containsExactly("pages/a", "pages/b c");
        assertThat(bucket.list("pages/", "pages/b c", 2)).containsExactly("pages/b+d", "pages/e");
        assertThat(bucket.list("pages/", "pages/e", 2)).isEmpty();
        assertThat(bucket.list("none/", "", 2)).isEmpty();
    }

    @Test
    void shouldFailWhenTheBodyIsNotTheOneThatWasSigned() throws Exception {
        Path file = Files.createTempFile("s3", "body");
        try {
            Files.writeString(file, "other");

            assertThatThrownBy(() -> bucket.put("tampered", file, "0".repeat(64)))
                    .hasMessageContaining("to PUT");
            assertThatThrownBy(() -> bucket.get("tampered", 0)).isInstanceOf(FileNotFoundException.class);
        } finally {
            Files.delete(file);
        }
    }
}
