package dev.auspex.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures an Auspex on this machine from outside: submits predictions, receives their webhooks and prints one table.
 * Exit codes: 0 when everything accepted was delivered exactly as promised, 1 when anything was lost, refused or wrong, 2
 * for wrong options.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {WebhookBench.class, ReplayBench.class, QueueBench.class},
        description = "Measures a freshly started Auspex, or a running one on this machine, and prints one table.")
public final class Bench implements Callable<Integer> {

    private static final Duration LINGER = Duration.ofMillis(500);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(names = "--url", paramLabel = "<url>", description = "Measure the Auspex that runs here, such as http://127.0.0.1:8080, instead of a new one. Loopback only.")
    private @Nullable String url;

    @Option(names = "--self-check", description = "Measure the driver instead, against a trivial server of its own.")
    private boolean selfCheck;

    @Option(names = "--token", defaultValue = "${env:REPLICATE_API_TOKEN}", description = "With --url: an API token; by default the variable REPLICATE_API_TOKEN.")
    private @Nullable String token;

    @Option(names = "--token-file", description = "With --url: a file that holds the token, such as .auspex/token.")
    private @Nullable Path tokenFile;

    @Option(names = "--pid", description = "With --url: the server's process, to measure its CPU and memory.")
    private @Nullable Long pid;

    @Option(names = "--kafka", paramLabel = "<host:port>", description = "With --url: its Kafka, to read the topics along in one phase, for the time of each hop. Loopback only.")
    private @Nullable String kafka;

    @Option(names = "--topics-prefix", defaultValue = "auspex.", description = "Begins the topics' names (${DEFAULT-VALUE}).")
    private String topicsPrefix = "";

    @Option(names = "--model", defaultValue = "auspex/echo", description = "The no-op model (${DEFAULT-VALUE}).")
    private String model = "";

    @Option(names = "--parked-model", description = "With --url: the model of the submits alone, by default --model. One whose class has no executor leaves the machine to the submits.")
    private @Nullable String parkedModel;

    @Option(names = "--input", defaultValue = "{\"text\":\"hello\"}", description = "Every prediction's input (${DEFAULT-VALUE}).")
    private String input = "";

    @Mixin
    private Plan plan = new Plan();

    @Option(names = "--patience", defaultValue = "30", description = "Seconds without any webhook after which the missing ones are lost (${DEFAULT-VALUE}).")
    private int patience;

    @Option(names = "--limit", defaultValue = "600", description = "Seconds a phase may take (${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", paramLabel = "<file>", description = "Also write the figures to this file.")
    private @Nullable Path json;

    private Bench() {}

    /** See the class. */
    public static void main(String[] args) {
        System.exit(run(args, new PrintWriter(System.out, true, StandardCharsets.UTF_8)));
    }

    /** What {@link #main} does, with the exit code returned. @param out takes the table */
    static int run(String[] args, PrintWriter out) {
        return new CommandLine(new Bench()).setOut(out).execute(args);
    }

    @Override
    public Integer call() throws Exception {
        try {
            plan.check();
            Plan.check("--patience", patience, 1, 600);
            Plan.check("--limit", limit, 1, 3600);
            return measure();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private int measure() throws Exception {
        if (selfCheck) {
            try (SelfCheck server = SelfCheck.start()) {
                return measure(target(URI.create(server.url()), "none", model, server.process().pid()), null);
            }
        }
        if (url != null) {
            Target target = target(Loopback.url(url), token(), parkedModel == null ? model : parkedModel, pid);
            return measure(target, kafka == null ? null : Loopback.servers(kafka));
        }
        String launcher = System.getenv("AUSPEX_LAUNCHER");
        if (launcher == null) {
            throw new IllegalArgumentException("give --url or --self-check, or run this as ./auspex bench");
        }
        progress("starting an Auspex of its own");
        try (OwnInstallation own = OwnInstallation.start(Path.of(launcher))) {
            String ownToken = Files.readString(own.tokenFile()).strip();
            return measure(
                    target(own.url(), ownToken, OwnInstallation.PARKED_MODEL, own.process().pid()), own.kafka());
        }
    }

    private int measure(Target target, @Nullable String kafkaServers) throws Exception {
        Driver.Limits limits = new Driver.Limits(Duration.ofSeconds(patience), Duration.ofSeconds(limit));
        Report report;
        try (Driver driver = new Driver(target, limits)) {
            List<PhaseRun> runs = new ArrayList<>();
            for (Phase phase : plan.phases(kafkaServers != null)) {
                progress(phase.title());
                boolean watched = phase instanceof Phase.OpenLoop open && open.watched();
                runs.add(driver.run(
                        phase, watched && kafkaServers != null ? TopicWatch.start(kafkaServers, topicsPrefix) : null));
            }
            driver.linger(LINGER);
            report = driver.report(runs, Instant.now());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(Table.of(report));
        out.flush();
        if (json != null) {
            Files.write(json, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
        }
        return report.clean() ? 0 : 1;
    }

    private Target target(URI base, String bearer, String parked, @Nullable Long process) {
        JsonNode node;
        try {
            node = Json.mapper().readTree(input);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("--input: not JSON: " + e.getOriginalMessage(), e);
        }
        return new Target(
                base,
                bearer,
                ModelName.of(model).toString(),
                ModelName.of(parked).toString(),
                node,
                process == null ? null : ProcessMeter.of(process));
    }

    private String token() throws IOException {
        if (tokenFile != null) {
            return Files.readString(tokenFile).strip();
        }
        if (token == null || token.isBlank()) {
            throw new IllegalArgumentException("give --token, --token-file or the variable REPLICATE_API_TOKEN");
        }
        return token;
    }

    private void progress(String what) {
        spec.commandLine().getErr().println(what + " …");
    }
}
