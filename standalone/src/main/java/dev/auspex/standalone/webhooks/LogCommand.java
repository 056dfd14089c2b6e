package dev.auspex.standalone.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code auspex webhooks log}: what was delivered, when, and with which result. */
@Command(name = "log", description = "Show delivery attempts, newest first; those of one prediction from the first on.", mixinStandardHelpOptions = true)
final class LogCommand implements Callable<Integer> {

    @Mixin
    private ApiAccess api = new ApiAccess();

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "<prediction>", description = "Only those of this prediction.")
    private @Nullable String prediction;

    @Option(names = "--dead", description = "Only messages that were given up and not sent since.")
    private boolean dead;

    @Mixin
    private MessageFilter filter = new MessageFilter();

    @Option(names = "--endpoint", description = "Only to this registered endpoint.")
    private @Nullable String endpoint;

    @Option(names = "--event", description = "Only of this event.")
    private @Nullable String event;

    @Option(names = "--outcome", description = "Only with this outcome: delivered, rejected, timed_out, …")
    private @Nullable String outcome;

    @Option(names = "--limit", defaultValue = "50", description = "How many at most (${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Everything that is known, one JSON object per line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        int shown = 0;
        String next = prediction == null ? query() : "/predictions/" + encode(prediction) + "/deliveries";
        while (next != null && shown < limit) {
            JsonNode page = api.get(next);
            for (JsonNode entry : page.path("results")) {
                if (shown++ < limit) {
                    out().println(json ? entry.toString() : line(entry));
                }
            }
            next = page.path("next").isTextual() ? page.path("next").asText() : null;
        }
        out().flush();
        return 0;
    }

    private String query() {
        StringBuilder query = new StringBuilder("/webhooks/deliveries?limit=").append(Math.clamp(limit, 1, 1000));
        append(query, "dead", dead ? "true" : null);
        filter.given().forEach((name, value) -> append(query, name, value));
        append(query, "endpoint", endpoint);
        append(query, "event", event);
        append(query, "outcome", outcome);
        return query.toString();
    }

    private static void append(StringBuilder query, String name, @Nullable String value) {
        if (value != null) {
            query.append('&').append(name).append('=').append(encode(value));
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String line(JsonNode entry) {
        return "%s  %-9s #%-3d attempt %-2d %-10s %-4s %5d ms  %s  %s%s".formatted(
                entry.path("started_at").asText(),
                entry.path("event").asText(),
                entry.path("sequence").asLong(),
                entry.path("attempt").asInt(),
                entry.path("outcome").asText(),
                entry.path("status").asText("-"),
                entry.path("elapsed_ms").asLong(),
                entry.path("prediction").asText(),
                entry.path("url").asText(),
                entry.has("error") ? "  (" + entry.path("error").asText() + ")" : "");
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
