package dev.auspex.standalone.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the API is and how to be let in: options of every command that asks it. */
final class ApiAccess {

    @Option(names = "--api", paramLabel = "<url>", description = "The API's address (http://127.0.0.1:$AUSPEX_HTTP_PORT, or AUSPEX_HTTP_URL).")
    private @Nullable String api;

    @Option(names = "--token", paramLabel = "<token>", description = "The API token (REPLICATE_API_TOKEN, else the one of `up` in AUSPEX_DATA).")
    private @Nullable String token;

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** @throws ConfigException with the API's own words if it does not answer with success */
    JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    /** @throws ConfigException with the API's own words if it does not answer with success */
    JsonNode post(String path, Object body) throws IOException, InterruptedException {
        return send("POST", path, Json.tree(body).toString());
    }

    private JsonNode send(String method, String path, String body) throws IOException, InterruptedException {
        URI uri = URI.create(path.startsWith("http") ? path : base() + "/v1" + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMinutes(2))
                .header("authorization", "Bearer " + token())
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<byte[]> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new ConfigException("No Auspex answers at " + base() + " (" + e.getMessage()
                    + "): start it with ./auspex up or give --api.");
        }
        if (response.statusCode() / 100 != 2) {
            throw new ConfigException(method + " " + uri.getPath() + " was answered with " + response.statusCode() + ": "
                    + detail(response.body()));
        }
        return response.body().length == 0 ? Json.object() : Json.parse(response.body());
    }

    private static String detail(byte[] body) {
        try {
            return Json.parse(body).path("detail").asText();
        } catch (IOException e) {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private String base() {
        Map<String, String> environment = System.getenv();
        if (api != null) {
            return api.replaceFirst("(/v1)?/?$", "");
        }
        return environment.getOrDefault(
                "AUSPEX_HTTP_URL", "http://127.0.0.1:" + environment.getOrDefault("AUSPEX_HTTP_PORT", "8080"));
    }

    private String token() throws IOException {
        String given = token == null ? System.getenv("REPLICATE_API_TOKEN") : token;
        if (given != null && !given.isBlank()) {
            return given;
        }
        Path file = Path.of(System.getenv().getOrDefault("AUSPEX_DATA", "./.auspex")).resolve("token");
        if (Files.notExists(file)) {
            throw new ConfigException("No token: give --token or REPLICATE_API_TOKEN; there is none in " + file + ".");
        }
        return Files.readString(file).strip();
    }
}
