package dev.auspex.dispatcher.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.Assertions;

/** Asks a dispatcher what a gateway would ask for the account {@code acme}. */
public final class InternalApi implements AutoCloseable {

    public static final String BASE = "https://api.example.test/v1";

    private final HttpClient client = HttpClient.newHttpClient();
    private final DispatcherUnderTest dispatcher;

    public InternalApi(DispatcherUnderTest dispatcher) {
        this.dispatcher = dispatcher;
    }

    public JsonNode get(String path) {
        return json(send("acme", "GET", path, ""), 200);
    }

    public JsonNode post(String path, String body, int status) {
        return json(send("acme", "POST", path, body), status);
    }

    public JsonNode patch(String path, String body, int status) {
        return json(send("acme", "PATCH", path, body), status);
    }

    public HttpResponse<String> send(String account, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(dispatcher.url() + "/internal/accounts/" + account + path))
                .header("authorization", "Bearer " + dispatcher.context().secret().sign("internal", "dispatcher"))
                .header("auspex-base-url", BASE)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return send(request);
    }

    /** Without a token. */
    public int statusForNobody(String path) {
        return send(HttpRequest.newBuilder(URI.create(dispatcher.url() + "/internal/accounts/acme" + path)).build())
                .statusCode();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public static JsonNode json(HttpResponse<String> response, int status) {
        Assertions.assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        try {
            return response.body().isEmpty() ? Json.object() : Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(response.body(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
