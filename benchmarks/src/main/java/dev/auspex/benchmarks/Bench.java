package dev.auspex.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.ModelName;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures a running installation on this machine from outside: submits predictions, receives their webhooks and prints
 * one table. Exit codes: 0 when everything accepted was delivered exactly as promised, 1 when anything was lost, refused
 * or wrong, 2 for wrong options.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures a running Auspex on this machine and prints one table.")
public final class Bench implements Callable<Integer> {

    private static final int MAX_COUNT = 500_000;
    private static final int MAX_CONNECTIONS = 1024;
    private static final int MAX_RATE = 20_000;
    private static final int MAX_SECONDS = 600;
    private static final Duration LINGER = Duration.ofSeconds(1);

    @Spec
    private CommandSpec spec;

    @Option(names = "--url", paramLabel = "<url>", description = "The API, such as http://127.0.0.1:8080. Loopback only.")
    private @Nullable String url;

    @Option(names = "--self-check", description = "Measure the driver instead, against a trivial server of its own.")
    private boolean selfCheck;

    @Option(names = "--token", defaultValue = "${env:REPLICATE_API_TOKEN}", description = "An API token; by default the variable REPLICATE_API_TOKEN.")
    private @Nullable String token;

    @Option(names = "--token-file", description = "A file that holds the token, such as .auspex/token.")
    private @Nullable Path tokenFile;

    @Option(names = "--pid", description = "The server's process, to measure its CPU and memory.")
    private @Nullable Long pid;

    @Option(names = "--kafka", paramLabel = "<host:port>", description = "Its Kafka: adds a phase that reads the topics along, for the time of each hop. Loopback only.")
    private @Nullable String kafka;

    @Option(names = "--topics-prefix", defaultValue = "auspex.", description = "Begins the topics' names (${DEFAULT-VALUE}).")
    private String topicsPrefix = "";

    @Option(names = "--model", defaultValue = "auspex/echo", description = "The no-op model (${DEFAULT-VALUE}).")
    private String model = "";

    @Option(names = "--parked-model", description = "The model of the submits alone; by default --model. One whose class has no executor leaves the machine to the submits.")
    private @Nullable String parkedModel;

    @Option(names = "--input", defaultValue = "{\"text\":\"hello\"}", description = "Every prediction's input (${DEFAULT-VALUE}).")
    private String input = "";

    @Option(names = "--warmup", defaultValue = "20000", description = "Predictions before anything else; 0 for none (${DEFAULT-VALUE}).")
    private int warmup;

    @Option(names = "--count", defaultValue = "20000", description = "Predictions of the closed loop; 0 for none (${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--connections", defaultValue = "64", description = "Connections of the closed loop (${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--rates", split = ",", defaultValue = "200,1000", description = "Submissions per second of the open loops; 0 for none (${DEFAULT-VALUE}).")
    private List<Integer> rates = List.of();

    @Option(names = "--seconds", defaultValue = "20", description = "How long each open loop lasts (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--submits", defaultValue = "20000", description = "Submits alone; 0 for none (${DEFAULT-VALUE}).")
    private int submits;

    @Option(names = "--patience", defaultValue = "30", description = "Seconds without any webhook after which the missing ones are lost (${DEFAULT-VALUE}).")
    private int patience;

    @Option(names = "--limit", defaultValue = "600", description = "Seconds a phase may take (${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", paramLabel = "<file>", description = "Also write the figures to this file.")
    private @Nullable Path json;

    private Bench() {}

    /** See the class. */
    public static void main(String[] args) {
        System.exit(run(args, new PrintWriter(System.out, true)));
    }

    /** What {@link #main} does, with the exit code returned. @param out takes the table */
    static int run(String[] args, PrintWriter out) {
        return new CommandLine(new Bench()).setOut(out).execute(args);
    }

    @Override
    public Integer call() throws Exception {
        check("--warmup", warmup, 0, MAX_COUNT);
        check("--count", count, 0, MAX_COUNT);
        check("--connections", connections, 1, MAX_CONNECTIONS);
        rates.forEach(rate -> check("--rates", rate, 0, MAX_RATE));
        check("--seconds", seconds, 1, MAX_SECONDS);
        rates.forEach(rate -> check("--rates times --seconds", (long) rate * seconds, 0, MAX_COUNT));
        check("--submits", submits, 0, MAX_COUNT);
        check("--patience", patience, 1, MAX_SECONDS);
        check("--limit", limit, 1, 3600);
        if (selfCheck == (url != null)) {
            throw usage("give either --url or --self-check");
        }
        if (!selfCheck) {
            return measure(target(checked(() -> Loopback.url(url)), token(), pid));
        }
        try (SelfCheck server = SelfCheck.start()) {
            return measure(target(URI.create(server.url()), "none", server.process().pid()));
        }
    }

    private int measure(Target target) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        String servers = kafka == null ? null : checked(() -> Loopback.servers(kafka));
        Driver.Limits limits = new Driver.Limits(Duration.ofSeconds(patience), Duration.ofSeconds(limit));
        Report report;
        try (Driver driver = new Driver(target, limits)) {
            List<PhaseRun> runs = new ArrayList<>();
            for (Phase phase : phases()) {
                progress.println(phase.title() + " …");
                runs.add(driver.run(phase, null));
            }
            if (servers != null && !openLoops().isEmpty()) {
                Phase.OpenLoop slowest = openLoops().getFirst();
                progress.println(slowest.title() + ", topics read along …");
                runs.add(driver.run(slowest.alongTopics(), TopicWatch.start(servers, topicsPrefix)));
            }
            if (submits > 0) {
                progress.println("submits alone …");
                runs.add(driver.run(new Phase.SubmitsAlone(submits, connections), null));
            }
            driver.linger(LINGER);
            report = new Report(
                    Instant.now(),
                    Report.Machine.here(),
                    driver.signatures().checked(),
                    driver.signatures().wrong(),
                    driver.strays(),
                    runs.stream().map(PhaseRun::report).toList());
        }
        out.print(Table.of(report));
        out.flush();
        write(report);
        return report.clean() ? 0 : 1;
    }

    private List<Phase> phases() {
        List<Phase> phases = new ArrayList<>();
        if (warmup > 0) {
            phases.add(new Phase.ClosedLoop("warm-up", warmup, connections));
        }
        if (count > 0) {
            phases.add(new Phase.ClosedLoop("closed loop", count, connections));
        }
        phases.addAll(openLoops());
        return phases;
    }

    private List<Phase.OpenLoop> openLoops() {
        return rates.stream()
                .filter(rate -> rate > 0)
                .map(rate -> new Phase.OpenLoop(rate, seconds, false))
                .toList();
    }

    private Target target(URI base, String bearer, @Nullable Long process) {
        JsonNode node;
        try {
            node = Json.mapper().readTree(input);
        } catch (JsonProcessingException e) {
            throw usage("--input: not JSON: " + e.getOriginalMessage());
        }
        String parked = parkedModel == null ? model : parkedModel;
        return checked(() -> new Target(
                base,
                bearer,
                ModelName.of(model).toString(),
                ModelName.of(parked).toString(),
                node,
                process == null ? null : ProcessMeter.of(process)));
    }

    private String token() throws IOException {
        if (tokenFile != null) {
            return Files.readString(tokenFile).strip();
        }
        if (token == null || token.isBlank()) {
            throw usage("give --token, --token-file or the variable REPLICATE_API_TOKEN");
        }
        return token;
    }

    private void write(Report report) throws IOException {
        if (json != null) {
            Files.write(json, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
        }
    }

    private void check(String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw usage(option + ": is " + value + ", expected " + min + " to " + max);
        }
    }

    private <T> T checked(Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private ParameterException usage(@Nullable String message) {
        return new ParameterException(spec.commandLine(), String.valueOf(message));
    }
}
