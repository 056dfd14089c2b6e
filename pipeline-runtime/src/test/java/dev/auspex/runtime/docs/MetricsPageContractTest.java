package dev.auspex.runtime.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.runtime.metrics.Metric;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsPageContractTest {

    @Test
    void shouldListEveryMetricWhenSomebodyReadsThePage() throws Exception {
        String wanted = GeneratedTable.head(List.of("in Prometheus", "kind", "labels", "meaning"))
                + Arrays.stream(Metric.values()).map(MetricsPageContractTest::row).collect(Collectors.joining());

        String page = GeneratedTable.in("metrics.md").currentOrUpdated(wanted);

        assertThat(page).as("docs/metrics.md is stale: run with -Dauspex.docs.update=true").isEqualTo(wanted);
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void shouldAppearUnderTheDocumentedNameWhenScraped(Metric metric) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        String[] values = metric.tags().stream().map(tag -> "x").toArray(String[]::new);

        switch (metric.type()) {
            case COUNTER -> metric.counter(registry, values).increment();
            case GAUGE -> metric.gauge(registry, () -> 1, values);
            case TIMER -> metric.timer(registry, values).record(Duration.ofMillis(1));
        }

        assertThat(registry.scrape()).contains("# HELP " + prometheusName(metric) + " ");
    }

    private static String row(Metric metric) {
        String labels = metric.tags().stream().map(tag -> "`" + tag + "`").collect(Collectors.joining(", "));
        return GeneratedTable.row(List.of(
                "`" + prometheusName(metric) + "`",
                metric.type().name().toLowerCase(Locale.ROOT),
                labels.isEmpty() ? "–" : labels,
                metric.meaning()));
    }

    private static String prometheusName(Metric metric) {
        String name = metric.id().replace('.', '_');
        return switch (metric.type()) {
            case COUNTER -> name + "_total";
            case GAUGE -> name;
            case TIMER -> name + "_seconds";
        };
    }
}
