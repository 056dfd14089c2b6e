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
    private double responses;
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

    @Test
    void shouldBeCutWhenABrokerIsConnectedAndAnswersNothing() {
        connections = 1;
        responses = 7;
        assertThat(link.isCut(0)).isFalse();
        assertThat(link.isCut(4 * SECOND)).isFalse();
        assertThat(link.isCut(6 * SECOND)).isTrue();
        assertThat(link.isCut(6 * SECOND, Duration.ofSeconds(15))).isFalse();
        assertThat(link.isCut(16 * SECOND, Duration.ofSeconds(15))).isTrue();

        responses = 8;

        assertThat(link.isCut(17 * SECOND)).isFalse();
        assertThat(link.isCut(21 * SECOND)).isFalse();
    }

    private BrokerLink link() {
        MetricName ofANode = new MetricName("response-total", "consumer-node-metrics", "", Map.of("node-id", "node-1"));
        return new BrokerLink(Map.of(
                name("connection-count"), metric(name("connection-count"), (config, now) -> connections),
                ofANode, metric(ofANode, (config, now) -> 0),
                name("response-total"), metric(name("response-total"), (config, now) -> responses)));
    }

    private static MetricName name(String name) {
        return new MetricName(name, "consumer-metrics", "", Map.of());
    }

    private static KafkaMetric metric(MetricName name, Measurable measured) {
        return new KafkaMetric(new Object(), name, measured, new MetricConfig(), Time.SYSTEM);
    }
}
