package dev.auspex.standalone.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code auspex webhooks test}: sends a test message to a registered endpoint. Exit code 1 if it was not accepted. */
@Command(name = "test", description = "Send a test message to a registered endpoint, or list the endpoints.", mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {

    private static final String ENDPOINTS = "/webhooks/endpoints";

    @Mixin
    private ApiAccess api = new ApiAccess();

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "<endpoint>", description = "The endpoint's id; without it all are listed.")
    private @Nullable String endpoint;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (endpoint == null) {
            for (JsonNode each : api.get(ENDPOINTS).path("results")) {
                out.printf("%s  %-8s  %s  %s%n", each.path("id").asText(), each.path("state").asText(),
                        each.path("url").asText(), each.path("events"));
            }
            out.flush();
            return 0;
        }
        JsonNode result = api.post(ENDPOINTS + "/" + endpoint + "/test", Json.object());
        boolean delivered = result.path("outcome").asText().equals("delivered");
        out.printf("%s%s in %d ms%s%n",
                result.path("outcome").asText(),
                result.has("status") ? " (" + result.path("status").asInt() + ")" : "",
                result.path("elapsed_ms").asLong(),
                result.has("error") ? ": " + result.path("error").asText() : "");
        out.flush();
        return delivered ? 0 : 1;
    }
}
