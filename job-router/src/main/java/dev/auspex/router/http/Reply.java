package dev.auspex.router.http;

import dev.auspex.router.query.PredictionView;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** How answers look on the wire. Event loop only. */
final class Reply {

    static final String STATUS = "auspex-status";
    static final String SEQUENCE = "auspex-sequence";
    static final String ATTEMPT = "auspex-attempt";
    private static final String JSON = "application/json";

    private Reply() {}

    static void prediction(HttpServerResponse response, PredictionView view) {
        response.putHeader("content-type", JSON)
                .putHeader(STATUS, view.status().wireName())
                .putHeader(SEQUENCE, Long.toString(view.sequence()));
        if (view.attempt() != null) {
            response.putHeader(ATTEMPT, view.attempt().value());
        }
        send(response, Buffer.buffer(view.json()));
    }

    static void json(HttpServerResponse response, Buffer body) {
        response.putHeader("content-type", JSON);
        send(response, body);
    }

    static void problem(HttpServerResponse response, int status, String text) {
        response.setStatusCode(status).putHeader("content-type", "text/plain; charset=utf-8");
        send(response, Buffer.buffer(text + "\n"));
    }

    /** Nothing is wrong with the question; it can be asked again soon. */
    static void later(HttpServerResponse response, String reason) {
        response.putHeader("retry-after", "1");
        problem(response, 503, reason);
    }

    private static void send(HttpServerResponse response, Buffer body) {
        if (!response.closed() && !response.ended()) {
            response.end(body);
        }
    }
}
