package dev.auspex.runtime.lifecycle;

import dev.auspex.protocol.topic.TopicSettings;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.LocalFileStore;
import dev.auspex.runtime.files.s3.S3FileStore;
import dev.auspex.runtime.files.s3.S3Settings;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.net.Egress;
import dev.auspex.runtime.net.TimedTransport;
import dev.auspex.runtime.security.MasterSecret;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What every service of a process shares. Close Vert.x last.
 *
 * @param settings checked configuration
 * @param topics names and settings of the topics
 * @param kafka makes clients for the cluster
 * @param secret the installation's keys
 * @param files uploaded and produced files
 * @param guard which addresses may be called for users
 * @param metrics the registry behind {@code /metrics}
 * @param vertx the one instance of the process
 * @param clock the time
 */
public record ServiceContext(
        Settings settings,
        Topics topics,
        KafkaClients kafka,
        MasterSecret secret,
        FileStore files,
        AddressGuard guard,
        PrometheusMeterRegistry metrics,
        Vertx vertx,
        Clock clock) {

    /**
     * Builds the context of a process.
     *
     * @param settings with {@link Keys#KAFKA} present
     * @throws IOException if the data folder cannot be used
     */
    public static ServiceContext create(Settings settings) throws IOException {
        return new ServiceContext(
                settings,
                topics(settings),
                new KafkaClients(settings.get(Keys.KAFKA)),
                MasterSecret.load(settings),
                files(settings),
                AddressGuard.of(settings.get(Keys.WEBHOOK_ALLOW), settings.get(Keys.WEBHOOK_PORTS)),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                Vertx.builder().withTransport(TimedTransport.create()).build(),
                Clock.systemUTC());
    }

    /** How addresses are reached that users name. */
    public Egress egress() {
        return new Egress(guard, settings.find(Keys.WEBHOOK_PROXY).orElse(null));
    }

    private static FileStore files(Settings settings) {
        Path data = settings.get(Keys.DATA);
        return S3Settings.of(settings)
                .<FileStore>map(s3 -> S3FileStore.of(s3, data.resolve("spool"), Clock.systemUTC()))
                .orElseGet(() -> new LocalFileStore(
                        settings.find(Keys.FILES_FOLDER).orElse(data.resolve("files")), Clock.systemUTC()));
    }

    /** The topics that the settings describe. */
    public static Topics topics(Settings settings) {
        return new Topics(new TopicSettings(
                settings.get(Keys.TOPICS_PREFIX),
                settings.get(Keys.TOPICS_PARTITIONS),
                settings.get(Keys.TOPICS_REPLICAS).shortValue(),
                settings.get(Keys.TOPICS_RETENTION),
                settings.get(Keys.HARDWARE_CLASSES)));
    }
}
