package dev.auspex.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Mode;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicInstaller;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class TopicInstallerIT {

    @Test
    void shouldRefuseInProductionAndOnlyWarnInDevelopmentWhenATopicLosesRecordsEarly(KafkaClients kafka, Topics topics)
            throws Exception {
        try (Admin admin = kafka.admin("test")) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topics.events()),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, "60000"), AlterConfigOp.OpType.SET))))
                    .all().get(30, TimeUnit.SECONDS);
        }
        TopicInstaller lenient = new TopicInstaller(kafka, topics, Mode.DEVELOPMENT);
        lenient.start();

        assertThat(lenient.problems()).isEmpty();
        assertThatThrownBy(() -> new TopicInstaller(kafka, topics, Mode.PRODUCTION).start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(topics.events() + " has retention.ms 60000");
    }

    @Test
    void shouldRefuseInEveryModeWhenThePartitionsDiffer(KafkaClients kafka, Topics topics) {
        TopicSettings found = topics.settings();
        Topics other = new Topics(new TopicSettings(
                found.prefix(), found.partitions() + 1, found.replicas(), found.retention(), found.hardware()));

        assertThatThrownBy(() -> new TopicInstaller(kafka, other).start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("topics.partitions (AUSPEX_TOPICS_PARTITIONS): is 3, but topic");
    }

    @Test
    void shouldWaitAndSayWhyWhenTheClusterHasTooFewBrokers(KafkaClients kafka) throws Exception {
        Topics wanted = new Topics(new TopicSettings(
                "copies.", 1, (short) 3, Duration.ofDays(1), List.of(new HardwareClass("cpu"))));
        TopicInstaller installer = new TopicInstaller(kafka, wanted, Mode.PRODUCTION);
        FutureTask<Boolean> start = new FutureTask<>(() -> {
            installer.start();
            return true;
        });
        Thread.ofVirtual().start(start);

        await().untilAsserted(() -> assertThat(installer.problems())
                .containsExactly("Kafka has 1 brokers, topics.replicas needs 3"));
        installer.stop(Duration.ofSeconds(1));
        assertThat(start.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldWaitAndSayForWhatWhenNoBrokerAnswers() throws Exception {
        Topics topics = new Topics(new TopicSettings(
                "away.", 1, (short) 1, Duration.ofDays(1), List.of(new HardwareClass("cpu"))));
        // A name that does not exist, as that of a container that does not run yet.
        TopicInstaller installer = new TopicInstaller(new KafkaClients("kafka.invalid:9092"), topics);
        FutureTask<Boolean> start = new FutureTask<>(() -> {
            installer.start();
            return true;
        });
        Thread.ofVirtual().start(start);

        await().during(Duration.ofMillis(700)).untilAsserted(() -> {
            assertThat(installer.problems()).containsExactly("waiting for Kafka at kafka.invalid:9092");
            assertThat(start.isDone()).isFalse();
        });
        installer.stop(Duration.ofSeconds(1));
        assertThat(start.get(10, TimeUnit.SECONDS)).isTrue();
    }
}
