package dev.auspex.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class BrokerLinkTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private double connections;
    private final BrokerLink link = link();

    @Test
    void shouldNotBeCutWhenItWasNeverConnected() {
        assertThat(link.isCut(0)).isFalse();
        assertThat(link.isCut(60 * SECOND)).isFalse();
    }

    @Test
    void shouldBeCutWhenNoBrokerWasConnectedForLongerThanThePatience() {
        connections = 1;
        assertThat(link.isCut(0)).isFalse();
        connections = 0;

        assertThat(link.isCut(SECOND / 2)).isFalse();
        assertThat(link.isCut(2 * SECOND)).isTrue();
        assertThat(link.isCut(2 * SECOND, Duration.ofSeconds(5))).isFalse();
        assertThat(link.isCut(6 * SECOND, Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void shouldBeginAnewWhenABrokerIsBack() {
        connections = 1;
        assertThat(link.isCut(0)).isFalse();
        connections = 0;
        assertThat(link.isCut(SECOND / 2)).isFalse();
        assertThat(link.isCut(2 * SECOND)).isTrue();
        connections = 2;

        assertThat(link.isCut(3 * SECOND)).isFalse();
        connections = 0;
        assertThat(link.isCut(3 * SECOND + SECOND / 2)).isFalse();
    }

    @Test
    void shouldNotBeCutAtTheFirstLookWhenNobodyLookedForLong() {
        connections = 1;
        assertThat(link.isCut(0)).isFalse();
        connections = 0;

        assertThat(link.isCut(3_600 * SECOND, Duration.ofSeconds(15))).isFalse();
    }

    private BrokerLink link() {
        MetricName name = new MetricName("connection-count", "consumer-metrics", "", Map.of());
        Measurable measured = (config, now) -> connections;
        return new BrokerLink(
                Map.of(name, new KafkaMetric(new Object(), name, measured, new MetricConfig(), Time.SYSTEM)));
    }
}
