package dev.auspex.benchmarks;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The installation's HTTP API, as far as the benchmark needs it. On the event loop only. */
final class Api {

    private static final byte[] KEY = "\"key\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int REFUSAL_LENGTH = 300;

    private final Connections connections;
    private final URI base;
    private final String token;

    /** What the API said to a submission. */
    sealed interface Answer {}

    /** 2xx. @param prediction the new id */
    record Accepted(String prediction) implements Answer {}

    /** Another status. @param why status and the beginning of the body */
    record Refused(String why) implements Answer {}

    /** None in time, or the connection broke. @param why the cause */
    record Unanswered(String why) implements Answer {}

    /** @param connections how many are open at most; further requests wait for one */
    Api(Vertx vertx, URI base, String token, int connections) {
        this.connections = new Connections(vertx, base.getHost(), base.getPort(), connections);
        this.base = base;
        this.token = token;
    }

    /** The account's webhook signing secret; fails with a sentence if the API does not give it. */
    Future<String> webhookSecret() {
        String path = "/v1/webhooks/default/secret";
        return connections.send(Buffer.buffer(head("GET", path) + "\r\n")).map(answer -> {
            String key = Body.text(answer.body(), KEY);
            if (answer.status() != 200 || key == null) {
                throw new IllegalStateException(base + path + " answered " + refusal(answer));
            }
            return key;
        });
    }

    /** A whole submission, to be sent many times. */
    Buffer submission(String model, byte[] body) {
        String head = head("POST", "/v1/models/" + model + "/predictions")
                + "content-type: application/json\r\ncontent-length: " + body.length + "\r\n\r\n";
        return Buffer.buffer(head).appendBytes(body);
    }

    /** Submits. Never fails. */
    Future<Answer> submit(Buffer submission) {
        return connections.send(submission)
                .map(Api::answer)
                .otherwise(cause -> new Unanswered(cause.toString()));
    }

    /** Closes its connections. */
    Future<Void> close() {
        return connections.close();
    }

    private String head(String method, String path) {
        return method + " " + (base.getRawPath() == null ? "" : base.getRawPath()) + path + " HTTP/1.1\r\nhost: "
                + base.getHost() + ":" + base.getPort() + "\r\nauthorization: Bearer " + token + "\r\n";
    }

    private static Answer answer(HttpWire.Message message) {
        if (message.status() / 100 == 2) {
            String id = Body.text(message.body(), Body.ID);
            if (id != null) {
                return new Accepted(id);
            }
        }
        return new Refused(refusal(message));
    }

    private static String refusal(HttpWire.Message message) {
        String text = new String(message.body(), StandardCharsets.UTF_8);
        return message.status() + " " + text.substring(0, Math.min(REFUSAL_LENGTH, text.length())).strip();
    }
}
