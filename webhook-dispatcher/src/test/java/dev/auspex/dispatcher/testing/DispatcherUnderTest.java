package dev.auspex.dispatcher.testing;

import dev.auspex.dispatcher.app.WebhookDispatcher;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.files.LocalFileStore;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.security.MasterSecret;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** A dispatcher that can be stopped and started again on the same data. */
public final class DispatcherUnderTest implements AutoCloseable {

    public static final String SECRET = "a secret of this test, long enough for it";

    private final ServiceContext context;
    private final WebhookDispatcher dispatcher;
    private boolean stopped;

    public DispatcherUnderTest(
            KafkaClients kafka, Topics topics, Vertx vertx, Path data, List<String> allow, Map<String, String> settings)
            throws Exception {
        Map<String, String> raw = new HashMap<>(settings);
        raw.put(Keys.DATA.name(), data.toString());
        raw.putIfAbsent(Keys.WEBHOOK_SCHEDULE.name(), "150ms,150ms,150ms,150ms");
        raw.put(Keys.DISPATCHER_PORT.name(), "0");
        this.context = new ServiceContext(
                Settings.of(raw),
                topics,
                kafka,
                new MasterSecret(new Secret(SECRET)),
                new LocalFileStore(data.resolve("files"), Clock.systemUTC()),
                AddressGuard.of(allow),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                vertx,
                Clock.systemUTC());
        this.dispatcher = new WebhookDispatcher(context);
        dispatcher.start();
        Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(
                () -> Assertions.assertThat(dispatcher.problems()).isEmpty());
    }

    /** The address of the interface for gateways. */
    public String url() {
        return "http://127.0.0.1:" + dispatcher.port();
    }

    public ServiceContext context() {
        return context;
    }

    public void stop(Duration limit) throws Exception {
        if (!stopped) {
            stopped = true;
            dispatcher.stop(limit);
        }
    }

    @Override
    public void close() throws Exception {
        stop(Duration.ofSeconds(10));
    }
}
