package dev.auspex.standalone.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WebhooksCommandTest {

    // The vector of Standard Webhooks' reference implementations.
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String TIMESTAMP = "1614265330";
    private static final String BODY = "{\"test\": 2432232314}";
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final StringWriter out = new StringWriter();
    private String answer = "{}";
    private HttpServer api;

    @BeforeEach
    void start() throws Exception {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", exchange -> {
            try (exchange) {
                asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        api.start();
    }

    @AfterEach
    void stop() {
        api.stop(0);
    }

    @Test
    void shouldTellGenuineFromChangedWhenVerifying(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("body"), BODY);
        Path changed = Files.writeString(folder.resolve("changed"), BODY.replace('4', '5'));
        String[] common = {"verify", "--secret", SECRET, "--id", ID, "--timestamp", TIMESTAMP, "--signature", SIGNATURE};
        assertThat(run(with(common, file.toString()))).isZero();
        assertThat(run(with(common, changed.toString()))).isOne();
    }

    @Test
    void shouldAcceptAnyOfSeveralSignaturesWhenASecretIsBeingRotated() {
        SignatureVerifier verifier = new SignatureVerifier(SECRET);
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
        assertThat(verifier.verify(ID, TIMESTAMP, body, "v1,AAAA v2,?? " + SIGNATURE)).isTrue();
        assertThat(verifier.verify(ID, TIMESTAMP, body, "v1,AAAA")).isFalse();
        assertThat(verifier.verify(ID, TIMESTAMP, body, "-")).isFalse();
    }

    @Test
    void shouldPrintAndVerifyWhatArrivesWhenListening() throws Exception {
        CommandLine line = new CommandLine(new ListenCommand()).setOut(new PrintWriter(out, true));
        line.parseArgs("--port", "0", "--secret", SECRET, "--status", "204");
        HttpServer receiver = ((ListenCommand) line.getCommand()).start(new SignatureVerifier(SECRET));
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String signature : List.of(SIGNATURE, "v1,AAAA")) {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/in?job=7"))
                        .headers("webhook-id", ID, "webhook-timestamp", TIMESTAMP, "webhook-signature", signature)
                        .POST(HttpRequest.BodyPublishers.ofString(BODY))
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(204);
            }
        } finally {
            receiver.stop(0);
        }
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("  genuine  ", ID, "/in?job=7");
        assertThat(lines.get(1)).contains("NOT GENUINE");
    }

    @Test
    void shouldAskForWhatTheOptionsSayWhenLookingBack() {
        answer = "{\"next\":null,\"results\":[{\"started_at\":\"2026-01-02T03:04:05Z\",\"event\":\"completed\",\"sequence\":3,"
                + "\"attempt\":2,\"outcome\":\"rejected\",\"status\":503,\"elapsed_ms\":41,\"prediction\":\"abc\","
                + "\"url\":\"https://hooks.example.test/in\",\"error\":\"answered 503\"}]}";
        assertThat(run(with(access("log"), "--dead", "--url", "https://hooks.example.test/*", "--limit", "5"))).isZero();
        assertThat(asked).containsExactly(
                "GET /v1/webhooks/deliveries?limit=5&dead=true&url=https%3A%2F%2Fhooks.example.test%2F* ");
        assertThat(out.toString()).contains("attempt 2", "rejected", "503", "(answered 503)");
    }

    @Test
    void shouldSayHowManyWhenSendingAgain() {
        answer = "{\"matched\":7,\"requested\":0,\"truncated\":false}";
        assertThat(run(with(access("redeliver"), "--dry-run", "--from", "2026-01-02T03:04:05Z"))).isZero();
        assertThat(asked).containsExactly("POST /v1/webhooks/deliveries/redeliver {\"dry_run\":true,\"all\":false,"
                + "\"rate\":10,\"limit\":1000,\"from\":\"2026-01-02T03:04:05Z\"}");
        assertThat(out.toString()).contains("7 found, 0 will be sent");
    }

    @Test
    void shouldFailWhenATestMessageIsNotAccepted() {
        answer = "{\"outcome\":\"rejected\",\"status\":418,\"elapsed_ms\":3,\"error\":\"answered 418\"}";
        assertThat(run(with(access("test"), "ep_aaaaaaaaaaaaaaaaaaaa"))).isOne();
        assertThat(asked).containsExactly("POST /v1/webhooks/endpoints/ep_aaaaaaaaaaaaaaaaaaaa/test {}");
        assertThat(out.toString()).contains("rejected (418) in 3 ms: answered 418");
    }

    private String[] access(String command) {
        return new String[] {
            command, "--api", "http://127.0.0.1:" + api.getAddress().getPort() + "/v1", "--token", "secret"
        };
    }

    private int run(String... arguments) {
        return new CommandLine(new WebhooksCommand()).setOut(new PrintWriter(out, true)).execute(arguments);
    }

    private static String[] with(String[] first, String... rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(rest));
        return all.toArray(String[]::new);
    }
}
