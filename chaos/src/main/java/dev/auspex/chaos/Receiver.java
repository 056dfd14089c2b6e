package dev.auspex.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The users' webhook server. Verifies every signature with its own code, writes everything into the ledger, and answers 200;
 * 500 to the first delivery for paths that ask for it. Safe for any thread.
 */
final class Receiver implements AutoCloseable {

    private static final String SECRET_PREFIX = "whsec_";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Ledger ledger;
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private volatile byte @Nullable [] key;

    private Receiver(HttpServer server, Ledger ledger) {
        this.server = server;
        this.ledger = ledger;
    }

    static Receiver start(Ledger ledger) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        Receiver receiver = new Receiver(server, ledger);
        server.createContext("/done/", receiver::receive);
        server.setExecutor(receiver.threads);
        server.start();
        return receiver;
    }

    /** @param secret the account's, {@code whsec_…}; before it is known nothing is delivered */
    void secret(String secret) {
        key = Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
    }

    /** Where a submission is to be told of. @param unwilling whether the first delivery is refused */
    String url(Submission submission, boolean unwilling) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/done/" + submission.number()
                + (unwilling ? "/unwilling" : "");
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String[] path = exchange.getRequestURI().getPath().split("/");
            if (path.length > 3 && refused.add(path[2])) {
                ledger.count(Ledger.Count.REFUSED_BY_RECEIVER);
                exchange.sendResponseHeaders(500, -1);
                return;
            }
            record(Integer.parseInt(path[2]), exchange.getRequestHeaders(), body);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void record(int number, Headers headers, byte[] body) throws IOException {
        String message = first(headers, "webhook-id");
        if (!first(headers, "webhook-signature").equals(signature(message, first(headers, "webhook-timestamp"), body))) {
            ledger.count(Ledger.Count.UNSIGNED, message);
        }
        JsonNode prediction = Json.mapper().readTree(body);
        Track track = ledger.track(prediction.path("id").asText(), number);
        String event = first(headers, "auspex-event");
        boolean news = track.completedMessages() == 0;
        track.delivered(message, event, Long.parseLong(first(headers, "auspex-sequence")));
        if (event.equals("completed") && news) {
            ledger.completed();
        }
        check(ledger, ledger.submission(number), prediction);
    }

    /** Looks at a prediction, wherever it comes from. */
    static void check(Ledger ledger, Submission submission, JsonNode prediction) {
        String status = prediction.path("status").asText();
        ledger.track(prediction.path("id").asText(), submission.number()).status(status);
        String output = StreamSupport.stream(prediction.path("output").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining());
        boolean right = status.equals("succeeded")
                ? output.equals(submission.expectedOutput())
                : submission.expectedOutput().startsWith(output);
        if (!right) {
            ledger.count(Ledger.Count.WRONG_OUTPUT, prediction.path("id").asText() + " " + status + " '" + output + "'");
        }
    }

    private String signature(String message, String timestamp, byte[] body) throws IOException {
        byte[] known = key;
        if (known == null) {
            return "none";
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(known, "HmacSHA256"));
            mac.update((message + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String first(Headers headers, String name) {
        String value = headers.getFirst(name);
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
