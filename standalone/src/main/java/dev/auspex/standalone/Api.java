package dev.auspex.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.security.DevelopmentCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How commands reach the API of a running Auspex: the options they share, and requests. For one thread. */
final class Api {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    /** A dry run may read for a minute. */
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(3);

    @Option(names = "--url", paramLabel = "<url>", description = "Where the API is; by default where `up` listens with the same settings.")
    private @Nullable String url;

    @Option(names = "--account", paramLabel = "<name>", description = "One of the accounts in AUSPEX_TOKENS; by default the first.")
    private @Nullable String account;

    @Option(names = "--token", paramLabel = "<token>", description = "An API token, instead of one from AUSPEX_TOKENS or the data folder.")
    private @Nullable String token;

    /** Read when first needed: every command of the program makes one of these, also those that never ask it. */
    private @Nullable Settings loaded;

    private @Nullable HttpClient http;

    /** GET. @throws StartException with what the API said if it is not 2xx */
    JsonNode get(String path) throws InterruptedException {
        return send(request(path).build());
    }

    /** GET of something that is not JSON. @throws StartException with what the API said if it is not 2xx */
    String text(String path) throws InterruptedException {
        return new String(exchange(request(path).build()).body(), StandardCharsets.UTF_8);
    }

    /** POST. @param body an object @param headers names and values */
    JsonNode post(String path, JsonNode body, String... headers) throws InterruptedException {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    /** What became of a PUT. @param effect created, changed or unchanged */
    record Answer(JsonNode body, String effect) {}

    /** PUT. @throws StartException with what the API said if it is not 2xx */
    Answer put(String path, JsonNode body) throws InterruptedException {
        HttpResponse<byte[]> response = exchange(withBody("PUT", path, body));
        return new Answer(read(response), response.headers().firstValue("Auspex-Effect").orElse("changed"));
    }

    /** PATCH. @param body an object */
    JsonNode patch(String path, JsonNode body) throws InterruptedException {
        return send(withBody("PATCH", path, body));
    }

    /** DELETE. */
    void delete(String path) throws InterruptedException {
        exchange(request(path).DELETE().build());
    }

    private HttpRequest withBody(String method, String path, JsonNode body) {
        return request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base() + path))
                .timeout(ANSWER_LIMIT)
                .header("Authorization", "Bearer " + token());
    }

    private JsonNode send(HttpRequest request) throws InterruptedException {
        return read(exchange(request));
    }

    private JsonNode read(HttpResponse<byte[]> response) {
        try {
            return response.body().length == 0 ? Json.object() : Json.parse(response.body());
        } catch (IOException e) {
            throw new StartException(base() + " does not answer with JSON: is it an Auspex?");
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<byte[]> response = http().send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 != 2) {
                throw new StartException(request.uri().getPath() + " answered " + response.statusCode() + ": "
                        + read(response).path("detail").asText("no reason given").strip());
            }
            return response;
        } catch (IOException e) {
            throw new StartException("No Auspex answers at " + base() + " (" + e
                    + "): start one with ./auspex up, or say --url.");
        }
    }

    private HttpClient http() throws IOException {
        HttpClient known = http;
        if (known == null) {
            HttpClient.Builder builder =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT);
            if (url == null && settings().get(Keys.HTTP_TLS_DEVELOPMENT)) {
                builder.sslContext(DevelopmentCertificate.trusting(
                        DevelopmentCertificate.authority(settings().get(Keys.DATA))));
            }
            known = builder.build();
            http = known;
        }
        return known;
    }

    private String base() {
        if (url != null) {
            return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        }
        return settings().find(Keys.HTTP_URL)
                .orElseGet(() -> (isSecure() ? "https://" : "http://") + settings().get(Keys.HTTP_HOST) + ":"
                        + settings().get(Keys.HTTP_PORT));
    }

    private boolean isSecure() {
        return settings().get(Keys.HTTP_TLS_DEVELOPMENT) || settings().find(Keys.HTTP_TLS_CERTIFICATE).isPresent();
    }

    private String token() {
        if (token != null) {
            return token;
        }
        List<Keys.AccountToken> tokens = settings().find(Keys.TOKENS).orElse(List.of());
        if (!tokens.isEmpty()) {
            return tokens.stream()
                    .filter(each -> account == null || each.account().value().equals(account))
                    .findFirst()
                    .orElseThrow(() -> new StartException("AUSPEX_TOKENS has no account " + account + "."))
                    .token()
                    .value();
        }
        Path file = settings().get(Keys.DATA).resolve("token");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StartException("There is no API token: set AUSPEX_TOKENS, say --token, or run this where "
                    + file + " is.");
        }
    }

    private Settings settings() {
        Settings known = loaded == null ? Settings.load(System.getenv()) : loaded;
        loaded = known;
        return known;
    }
}
