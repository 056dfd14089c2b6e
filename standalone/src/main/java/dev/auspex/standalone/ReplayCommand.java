package dev.auspex.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.Parsers;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code auspex replay}: shows what a replay would do, asks, and stays until everything has been submitted again. */
@Command(
        name = "replay",
        sortOptions = false,
        description = "Submit ended predictions again, from what is still in the topics.")
final class ReplayCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    @Option(names = "--status", split = ",", paramLabel = "<status>", description = "How they ended: failed (default), succeeded, canceled, aborted.")
    private List<String> status = List.of();

    @Option(names = "--since", paramLabel = "<time>", description = "Created at most so long ago (30m, 2h, 3d), or not before a time (2026-01-31T12:00:00Z).")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "<time>", description = "Created at least so long ago, or before a time.")
    private @Nullable String until;

    @Option(names = "--model", paramLabel = "<owner/name>", description = "Only of this model.")
    private @Nullable String model;

    @Option(names = "--version", paramLabel = "<id>", description = "Only of this version.")
    private @Nullable String version;

    @Option(names = "--hardware", paramLabel = "<class>", description = "Only those submitted to this hardware class.")
    private @Nullable String hardware;

    @Option(names = "--error", paramLabel = "<text>", description = "Only those whose error contains this.")
    private @Nullable String error;

    @Option(names = "--id", split = ",", paramLabel = "<id>", description = "Only these.")
    private List<String> ids = List.of();

    @Option(names = "--to-version", paramLabel = "<id>", description = "Run this version instead.")
    private @Nullable String toVersion;

    @Option(names = "--to-hardware", paramLabel = "<class>", description = "Run on this hardware class instead.")
    private @Nullable String toHardware;

    @Option(names = "--priority", paramLabel = "<p>", description = "low: run them when there is next to nothing else to do.")
    private @Nullable String priority;

    @Option(names = "--no-webhook", description = "Tell no webhooks of the new predictions.")
    private boolean noWebhook;

    @Option(names = "--rate", paramLabel = "<n>", description = "At most so many per second.")
    private @Nullable Double rate;

    @Option(names = "--again", description = "Also those that an earlier replay has taken.")
    private boolean again;

    @Option(names = "--dry-run", description = "Only show what would be submitted.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    private Api api = new Api();

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode request = request(Instant.now());
        JsonNode report = api.post("/v1/replays", request.deepCopy().put("dry_run", true));
        PrintWriter out = spec.commandLine().getOut();
        ReplayText.report(report, out);
        out.flush();
        long count = report.at("/counts/submitted").asLong();
        if (dryRun || count == 0) {
            return 0;
        }
        if (!yes && !ReplayText.confirmed("Submit " + count + " predictions again?", out)) {
            return 2;
        }
        // One key for all tries of this request: it cannot become two replays.
        JsonNode replay = api.post("/v1/replays", request, "Idempotency-Key", UUID.randomUUID().toString());
        return ReplayText.follow(api, replay, out);
    }

    private ObjectNode request(Instant now) {
        ObjectNode request = Json.object();
        ObjectNode filter = request.putObject("filter");
        add(filter, "status", status);
        add(filter, "ids", ids);
        filter.put("model", model);
        filter.put("version", version);
        filter.put("hardware", hardware);
        filter.put("error", error);
        filter.put("created_after", time("--since", since, now));
        filter.put("created_before", time("--until", until, now));
        ObjectNode overrides = request.putObject("overrides");
        overrides.put("version", toVersion);
        overrides.put("hardware", toHardware);
        overrides.put("priority", priority);
        if (noWebhook) {
            overrides.put("webhook", false);
        }
        request.put("rate", rate);
        request.put("again", again);
        return request;
    }

    private static void add(ObjectNode filter, String name, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = filter.putArray(name);
            values.forEach(array::add);
        }
    }

    private @Nullable String time(String option, @Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        try {
            return Character.isDigit(text.charAt(0)) && !text.contains("-")
                    ? now.minus(Parsers.duration(text)).toString()
                    : Instant.parse(text).toString();
        } catch (DateTimeException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ParameterException(spec.commandLine(),
                    option + ": expected a duration such as 2h or a time such as 2026-01-31T12:00:00Z, got '" + text + "'");
        }
    }
}
