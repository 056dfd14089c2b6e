package dev.auspex.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uploads with an idempotency key; that keys hold across gateways is shown in the {@code standalone} module. */
class KeyedUploadIT {

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

    private HttpResponse<byte[]> upload(String key, String boundary, String name, String content, String metadata)
            throws Exception {
        String form = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"content\"; filename=\"" + name
                + "\"\r\n\r\n" + content + "\r\n--" + boundary
                + "\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n" + metadata + "\r\n--" + boundary + "--\r\n";
        return fixture.send(fixture.request("/v1/files")
                .header("x-account", "acme")
                .header("idempotency-key", key)
                .header("content-type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.getBytes(StandardCharsets.UTF_8))));
    }

    private JsonNode listed() throws Exception {
        return Json.parse(fixture.get("acme", "/v1/files").body()).get("results");
    }

    @Test
    void shouldAnswerWithTheSameFileWhenAnUploadIsRepeatedUnderAnotherBoundary() throws Exception {
        HttpResponse<byte[]> first = upload("k", "b1", "in.png", "PNG!", "{}");
        fixture.clock.advance(Duration.ofMinutes(1));

        HttpResponse<byte[]> again = upload("k", "b2", "in.png", "PNG!", "{}");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("idempotent-replayed")).isEmpty();
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("location")).isEqualTo(first.headers().firstValue("location"));
        assertThat(again.headers().firstValue("idempotent-replayed")).hasValue("true");
        assertThat(listed()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"in.png,PNG?,{}", "out.png,PNG!,{}", "in.png,PNG!,{\"a\":1}"})
    void shouldRefuseAndKeepNothingWhenTheKeyStandsForAnotherUpload(String name, String content, String metadata)
            throws Exception {
        upload("k", "b", "in.png", "PNG!", "{}");

        HttpResponse<byte[]> other = upload("k", "b", name, content, metadata);

        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).asString().contains("Idempotency-Key");
        assertThat(listed()).hasSize(1);
    }

    @Test
    void shouldRefuseTheKeyWhenItsFileWasRemoved() throws Exception {
        String id = Json.parse(upload("k", "b", "in.png", "PNG!", "{}").body()).get("id").asText();
        fixture.send(fixture.request("/v1/files/" + id).header("x-account", "acme").DELETE());

        HttpResponse<byte[]> again = upload("k", "b", "in.png", "PNG!", "{}");

        assertThat(again.statusCode()).isEqualTo(422);
        assertThat(again.body()).asString().contains("has been removed");
        assertThat(listed()).isEmpty();
    }

    @Test
    void shouldStoreItAgainWhenTheFileHasExpired() throws Exception {
        HttpResponse<byte[]> first = upload("k", "b", "in.png", "PNG!", "{}");
        fixture.clock.advance(Duration.ofHours(2));

        HttpResponse<byte[]> again = upload("k", "b", "in.png", "PNG!", "{}");

        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isNotEqualTo(first.body());
        assertThat(listed()).hasSize(1);
    }

    @Test
    void shouldRefuseBeforeReadingTheFileWhenTheKeyIsTooLong() throws Exception {
        HttpResponse<byte[]> refused = upload("k".repeat(256), "b", "in.png", "PNG!", "{}");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(listed()).isEmpty();
    }
}
