package dev.auspex.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code auspex usage}: what was used and what it costs. */
@Command(
        name = "usage",
        mixinStandardHelpOptions = true,
        description = "Show what an account used and what it costs, by day, model or hardware; this month unless days are given.")
final class UsageCommand implements Callable<Integer> {

    /** What ended a moment ago is in the sums a moment before it is in the topic. */
    private static final long RECOUNT_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_MILLIS = 250;

    @Mixin
    private Api api = new Api();

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--from", paramLabel = "<day>", description = "The first day, in UTC, such as 2026-01-01.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "<day>", description = "The last day.")
    private @Nullable String to;

    @Option(names = "--group-by", paramLabel = "<names>", defaultValue = "day,model,hardware",
            description = "Some of day, model, hardware, account, separated by commas (${DEFAULT-VALUE}).")
    private String groupBy = "";

    @Option(names = "--for", paramLabel = "<account>", description = "Whose, * for everybody's; by default the caller's. Others need an administrator.")
    private @Nullable String owner;

    @Option(names = "--format", paramLabel = "<format>", defaultValue = "table", description = "table, csv or json (${DEFAULT-VALUE}).")
    private String format = "";

    @Option(names = "--recompute", description = "Count anew from the records of the usage topic and compare; exit code 1 if it differs.")
    private boolean recompute;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        JsonNode report = api.get(path(""));
        switch (format) {
            case "csv" -> out.print(api.text(path("&format=csv")));
            case "json" -> out.println(report.toPrettyString());
            case "table" -> table(report, out);
            default -> throw new StartException("--format: is '" + format + "', expected table, csv or json");
        }
        int code = recompute ? compare(report, out) : 0;
        out.flush();
        return code;
    }

    private String path(String more) {
        StringBuilder path = new StringBuilder("/v1/usage?group_by=").append(encode(groupBy));
        if (from != null) {
            path.append("&from=").append(encode(from));
        }
        if (to != null) {
            path.append("&to=").append(encode(to));
        }
        if (owner != null) {
            path.append("&account=").append(encode(owner));
        }
        return path.append(more).toString();
    }

    private int compare(JsonNode shown, PrintWriter out) throws InterruptedException {
        long limit = System.nanoTime() + RECOUNT_LIMIT_NANOS;
        JsonNode sums = shown;
        JsonNode recount = api.get(path("&recount=true"));
        while (!recount.equals(sums) && System.nanoTime() < limit) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            sums = api.get(path(""));
            recount = api.get(path("&recount=true"));
        }
        if (recount.equals(sums)) {
            out.println("Counted anew from the topic: the same, " + text(recount.path("total")));
            return 0;
        }
        out.println("Counted anew from the topic: " + text(recount.path("total")) + ", but the sums say "
                + text(sums.path("total")) + ". Predictions that end meanwhile make it differ; otherwise look into it.");
        return 1;
    }

    private static String text(JsonNode total) {
        return total.path("attempts").asText() + " attempts, " + total.path("billed_seconds").asText()
                + " s billed, " + total.path("cost").asText() + " USD";
    }

    private static void table(JsonNode report, PrintWriter out) {
        List<String> names = new ArrayList<>();
        report.path("results").path(0).fieldNames().forEachRemaining(names::add);
        names.removeAll(List.of("attempts", "run_seconds", "billed_seconds", "cost"));
        for (JsonNode line : report.path("results")) {
            StringBuilder text = new StringBuilder();
            names.forEach(name -> text.append(String.format(Locale.ROOT, "%-24s ", line.path(name).asText())));
            out.println(text + figures(line));
        }
        int width = Math.max(1, 25 * names.size() - 1);
        out.println(String.format(Locale.ROOT, "%-" + width + "s ", "total") + figures(report.path("total")));
    }

    private static String figures(JsonNode line) {
        return String.format(Locale.ROOT, "%10d attempts %16s s billed %14s USD",
                line.path("attempts").asLong(), line.path("billed_seconds").asText(), line.path("cost").asText());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
