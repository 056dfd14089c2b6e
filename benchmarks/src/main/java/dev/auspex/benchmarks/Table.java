package dev.auspex.benchmarks;

import dev.auspex.benchmarks.PhaseReport.Cost;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Prints a report as text: figures down, phases across. */
final class Table {

    private static final String NONE = "-";

    private final List<List<String>> rows = new ArrayList<>();
    private final List<PhaseReport> phases;

    private Table(List<PhaseReport> phases) {
        this.phases = phases;
    }

    static String of(Report report) {
        Table table = new Table(report.phases());
        table.add("", PhaseReport::title);
        table.counts();
        table.speeds();
        table.costs();
        return table.text() + table.notes(report);
    }

    private void counts() {
        add("submitted", phase -> number(phase.tally().asked()));
        add("accepted (2xx)", phase -> number(phase.tally().accepted()));
        add("refused / unanswered", phase -> number(phase.tally().refused()) + " / " + number(phase.tally().unanswered()));
        add("completed (webhook came)", ifWebhooks(phase -> number(phase.tally().completed())));
        add("lost", ifWebhooks(phase -> number(phase.tally().lost())));
        add("repeated, same webhook-id", ifWebhooks(phase -> number(phase.tally().repeated())));
        add("repeated, another webhook-id", ifWebhooks(phase -> number(phase.tally().contradicted())));
        add("not succeeded / unknown", ifWebhooks(
                phase -> number(phase.tally().unsuccessful()) + " / " + number(phase.tally().unknown())));
    }

    private void speeds() {
        add("accepted per second", phase -> number(phase.speed().accepted()));
        add("completed per second", ifWebhooks(phase -> number(phase.speed().completed())));
        add("ms: p50 / p99 / max", phase -> "");
        add("  submit → 2xx", phase -> phase.latency().submit().text());
        add("  submit → webhook", phase -> phase.latency().webhook().text());
        Set<String> hops = new LinkedHashSet<>();
        phases.forEach(phase -> hops.addAll(phase.latency().hops().keySet()));
        hops.forEach(hop -> add("    " + hop, phase -> {
            Percentiles percentiles = phase.latency().hops().get(hop);
            return percentiles == null ? NONE : percentiles.text();
        }));
        add("  driver late", phase -> phase.latency().late().text());
    }

    private void costs() {
        add("CPU ms per prediction, server", phase -> millis(phase.cost().serverMillis()));
        add("CPU ms per prediction, driver", phase -> millis(phase.cost().driverMillis()));
        add("server resident, MiB", phase -> resident(phase.cost()));
    }

    private String notes(Report report) {
        StringBuilder notes = new StringBuilder();
        notes.append("signatures: ").append(number(report.signaturesChecked())).append(" verified, ")
                .append(number(report.signaturesWrong())).append(" wrong");
        if (report.strays() > 0) {
            notes.append("; ").append(number(report.strays())).append(" webhooks that nobody asked for");
        }
        notes.append('\n');
        phases.stream().filter(phase -> phase.firstRefusal() != null).forEach(phase -> notes.append(phase.title())
                .append(": first submission that was not accepted: ").append(phase.firstRefusal()).append('\n'));
        notes.append(report.clean() ? "clean\n" : "NOT CLEAN: see lost, refused, repeated, wrong above\n");
        return notes.toString();
    }

    private void add(String label, Function<PhaseReport, String> cell) {
        List<String> row = new ArrayList<>();
        row.add(label);
        phases.forEach(phase -> row.add(cell.apply(phase)));
        rows.add(row);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(String.format("%-" + width(0) + "s", row.getFirst()));
            for (int column = 1; column < row.size(); column++) {
                line.append("  ").append(String.format("%" + width(column) + "s", row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
    }

    private static Function<PhaseReport, String> ifWebhooks(Function<PhaseReport, String> cell) {
        return phase -> phase.tally().completed() + phase.tally().lost() == 0 ? NONE : cell.apply(phase);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String millis(@Nullable Double value) {
        return value == null ? NONE : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String resident(Cost cost) {
        return cost.serverResident() == null ? NONE : number(cost.serverResident() / 1048576.0);
    }
}
