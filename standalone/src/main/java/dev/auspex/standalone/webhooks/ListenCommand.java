package dev.auspex.standalone.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code auspex webhooks listen}: a receiver that prints and verifies what arrives, until it is told to stop. */
@Command(name = "listen", description = "Start a receiver that prints and verifies what arrives.", mixinStandardHelpOptions = true)
final class ListenCommand implements Callable<Integer> {

    @Mixin
    private ApiAccess api = new ApiAccess();

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Where to listen (${DEFAULT-VALUE}).")
    private String host = "";

    @Option(names = "--port", defaultValue = "9000", description = "The port; 0 for a free one (${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--secret", paramLabel = "<secret>", description = "whsec_… or whpk_…; by default the account's default secret.")
    private @Nullable String secret;

    @Option(names = "--status", defaultValue = "200", description = "What to answer, for trying out retries (${DEFAULT-VALUE}).")
    private int status;

    @Option(names = "--body", description = "Print whole bodies.")
    private boolean bodies;

    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    public Integer call() throws Exception {
        String key = secret == null ? api.get("/webhooks/default/secret").path("key").asText() : secret;
        HttpServer server = start(new SignatureVerifier(key));
        out().println("Listening on http://" + host + ":" + server.getAddress().getPort()
                + "/: give it as \"webhook\" of a prediction. Stop with Ctrl-C.");
        out().flush();
        never.await();
        return 0;
    }

    /** Begins to listen. */
    HttpServer start(SignatureVerifier verifier) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
        server.createContext("/", exchange -> receive(exchange, verifier));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    private void receive(HttpExchange exchange, SignatureVerifier verifier) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            print(exchange, body, verifier);
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private void print(HttpExchange exchange, byte[] body, SignatureVerifier verifier) {
        Headers headers = exchange.getRequestHeaders();
        boolean genuine = verifier.verify(
                header(headers, "webhook-id"), header(headers, "webhook-timestamp"), body,
                header(headers, "webhook-signature"));
        String line = "%s  %s  %-9s #%-3s attempt %-2s %s %s  %s".formatted(
                LocalTime.now().truncatedTo(ChronoUnit.MILLIS),
                genuine ? "genuine" : "NOT GENUINE",
                header(headers, "auspex-event"),
                header(headers, "auspex-sequence"),
                header(headers, "auspex-delivery-attempt"),
                summary(body),
                header(headers, "webhook-id"),
                printable(exchange.getRequestURI().toString()));
        synchronized (this) {
            out().println(line);
            if (bodies) {
                out().println(printable(new String(body, StandardCharsets.UTF_8)));
            }
            out().flush();
        }
    }

    private static String summary(byte[] body) {
        try {
            JsonNode json = Json.parse(body);
            return printable(json.path("id").asText("?") + " " + json.path("status").asText("?"));
        } catch (IOException e) {
            return "(" + body.length + " bytes, not JSON)";
        }
    }

    private static String header(Headers headers, String name) {
        String value = headers.getFirst(name);
        return value == null ? "-" : printable(value);
    }

    // Whoever reaches the port could otherwise write to the terminal.
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\n]]", "?");
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
