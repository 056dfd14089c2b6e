package dev.auspex.standalone.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.json.Json;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code auspex webhooks redeliver}: sends completed messages again, one or many. */
@Command(name = "redeliver", description = "Send completed messages again: of one prediction, or those given up, by time and address.", mixinStandardHelpOptions = true)
final class RedeliverCommand implements Callable<Integer> {

    @Mixin
    private ApiAccess api = new ApiAccess();

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "<prediction>", description = "Only this prediction's.")
    private @Nullable String prediction;

    @Option(names = "--all", description = "Also those that were delivered.")
    private boolean all;

    @Mixin
    private MessageFilter filter = new MessageFilter();

    @Option(names = "--rate", defaultValue = "10", description = "How many fall due each second (${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--limit", defaultValue = "1000", description = "How many at most (${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--dry-run", description = "Only say how many.")
    private boolean dryRun;

    @Override
    public Integer call() throws Exception {
        ObjectNode body = Json.object().put("dry_run", dryRun);
        JsonNode answer;
        if (prediction != null) {
            answer = api.post("/predictions/" + prediction + "/deliveries/redeliver", body);
        } else {
            body.put("all", all).put("rate", rate).put("limit", limit);
            filter.given().forEach(body::put);
            answer = api.post("/webhooks/deliveries/redeliver", body);
        }
        Objects.requireNonNull(spec).commandLine().getOut().printf(
                "%d found, %d will be sent%s%s%n",
                answer.path("matched").asInt(),
                answer.path("requested").asInt(),
                answer.has("last_due_at") ? " until " + answer.path("last_due_at").asText() : "",
                answer.path("truncated").asBoolean() ? "; there are more (--limit)" : "");
        return 0;
    }
}
