package dev.auspex.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Plain HTTP calls to the API with one token. Safe for any thread. */
final class Api {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String url;
    private final String token;

    /** @param token empty to send none */
    Api(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** An answer. */
    record Reply(int status, HttpHeaders headers, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send("GET", path, Map.of(), BodyPublishers.noBody());
    }

    /** The answer, or nothing while nobody listens. */
    Optional<Reply> tryGet(String path) throws InterruptedException {
        try {
            return Optional.of(get(path));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    Reply post(String path, String json) throws IOException, InterruptedException {
        return send("POST", path, Map.of("content-type", "application/json"), BodyPublishers.ofString(json));
    }

    /** @param path from the root, or a whole address */
    Reply send(String method, String path, Map<String, String> headers, BodyPublisher body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("/") ? url + path : path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body);
        if (!token.isEmpty()) {
            request.setHeader("authorization", "Bearer " + token);
        }
        headers.forEach(request::setHeader);
        var response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
        return new Reply(response.statusCode(), response.headers(), response.body());
    }
}
