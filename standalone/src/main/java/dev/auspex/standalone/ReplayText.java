package dev.auspex.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the command line says about replays. For one thread. */
final class ReplayText {

    private static final int BAR = 30;
    private static final int MOST_LINES = 15;
    private static final long LOOK_AGAIN_MILLIS = 200;

    private ReplayText() {}

    /** A dry run's answer. */
    static void report(JsonNode report, PrintWriter out) {
        JsonNode counts = report.path("counts");
        out.printf(Locale.ROOT, "%d ended predictions looked at, %d match, %d would be submitted%s%n",
                counts.path("scanned").asLong(), counts.path("matched").asLong(), counts.path("submitted").asLong(),
                report.path("complete").asBoolean(true) ? "" : " (not everything was read in time)");
        table("skipped", counts.path("skipped"), out);
        table("by status", report.path("by_status"), out);
        table("by model", report.path("by_model"), out);
        table("by error", report.path("by_error"), out);
        if (!report.path("sample").isEmpty()) {
            out.println("  for example");
            report.path("sample").forEach(each -> out.printf("    %s  %s  %s  %s%n",
                    each.path("id").asText(), each.path("model").asText(), each.path("hardware").asText(),
                    oneLine(each.path("error").asText(""))));
        }
    }

    private static void table(String title, JsonNode counts, PrintWriter out) {
        if (counts.isEmpty()) {
            return;
        }
        out.println("  " + title);
        Stream<Map.Entry<String, JsonNode>> rows = counts.properties().stream()
                .sorted((one, other) -> Long.compare(other.getValue().asLong(), one.getValue().asLong()));
        rows.limit(MOST_LINES).forEach(row -> out.printf(Locale.ROOT, "    %8d  %s%n", row.getValue().asLong(), oneLine(row.getKey())));
    }

    /** Asks the person at the terminal. Without one the answer is no. */
    static boolean confirmed(String question, PrintWriter out) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            out.println("Nothing was submitted: say --yes where nobody can be asked.");
            out.flush();
            return false;
        }
        String answer = console.readLine("%s [y/N] ", question);
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    /** Draws progress until the replay has ended. @return the exit code */
    static int follow(Api api, JsonNode created, PrintWriter out) throws InterruptedException {
        JsonNode replay = created;
        String id = replay.path("id").asText();
        out.println("Replay " + id);
        boolean terminal = System.console() != null && System.console().isTerminal();
        long begin = System.nanoTime();
        while (replay.path("completed_at").isMissingNode()) {
            if (terminal) {
                out.print("\r\u001b[K" + bar(replay, begin));
                out.flush();
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            replay = api.get("/v1/replays/" + id);
        }
        out.println((terminal ? "\r\u001b[K" : "") + bar(replay, begin));
        table("skipped", replay.at("/counts/skipped"), out);
        String status = replay.path("status").asText();
        out.println(status + (replay.path("error").isTextual() ? ": " + replay.path("error").asText() : ""));
        out.flush();
        return status.equals("succeeded") ? 0 : 1;
    }

    /** For example {@code [#######-------] 50 %  12000 submitted  2400/s}. */
    static String bar(JsonNode replay, long begin) {
        double progress = Math.clamp(replay.path("progress").asDouble(), 0, 1);
        int full = (int) Math.round(progress * BAR);
        long submitted = replay.at("/counts/submitted").asLong();
        double seconds = Math.max(0.001, (System.nanoTime() - begin) / 1e9);
        return String.format(Locale.ROOT, "[%s%s] %3.0f %%  %d submitted  %.0f/s",
                "#".repeat(full), "-".repeat(BAR - full), progress * 100, submitted, submitted / seconds);
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() > 120 ? line.substring(0, 120) + "…" : line;
    }
}
