package dev.auspex.standalone;

import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Mode;
import dev.auspex.runtime.metrics.Metric;
import dev.auspex.runtime.security.DevelopmentCertificate;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.search.Search;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What {@code up} says to the person who started it. Used by the main thread. */
final class Console {

    private final Platform platform;
    private final PrintStream out = System.out;
    private final CountDownLatch never = new CountDownLatch(1);
    private final long begin = System.nanoTime();

    Console(Platform platform) {
        this.platform = platform;
    }

    void starting() {
        out.println("Auspex is starting (data in " + platform.settings().get(Keys.DATA) + ") …");
    }

    /** URL, token and a first request that works when pasted. */
    void ready() {
        boolean development = platform.settings().get(Keys.HTTP_TLS_DEVELOPMENT);
        boolean secure = development || platform.settings().find(Keys.HTTP_TLS_CERTIFICATE).isPresent();
        String scheme = secure ? "https" : "http";
        String authority = development
                ? DevelopmentCertificate.authority(platform.settings().get(Keys.DATA)).toAbsolutePath().toString()
                : "";
        String url = platform.settings().find(Keys.HTTP_URL).orElse(scheme + "://127.0.0.1:" + platform.port());
        String token = platform.settings().get(Keys.TOKENS).getFirst().token().value();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        out.printf(
                """

                Auspex is ready after %.1f s.

                  API     %s/v1
                  Token   %s
                  Models  auspex/echo, auspex/motion-video, auspex/scene-video, auspex/tiny-text, auspex/upscale
                  Log     %s

                Try it:

                  curl -s%s %s/v1/predictions \\
                    -H 'Authorization: Bearer %s' \\
                    -H 'Content-Type: application/json' -H 'Prefer: wait' \\
                    -d '{"version": "auspex/echo", "input": {"text": "Hello, GPU"}}'

                Stop with Ctrl-C.
                """,
                millis / 1000.0,
                url,
                token,
                platform.settings().get(Keys.DATA).resolve("log").resolve("auspex.log"),
                development ? " --cacert " + authority : "",
                url,
                token);
        if (development) {
            out.printf(
                    """

                    HTTPS with a certificate of this installation's own authority. Let clients trust it:

                      curl     --cacert %1$s
                      Node.js  NODE_EXTRA_CA_CERTS=%1$s
                      Python   SSL_CERT_FILE=%1$s
                      Go       SSL_CERT_FILE=%1$s
                      Java     keytool -importcert -cacerts -alias auspex -file %1$s
                    """,
                    authority);
        }
        if (platform.settings().get(Keys.MODE) == Mode.DEVELOPMENT) {
            out.printf(
                    """

                    ! Development mode, not for production: %d copy of every record, webhooks and downloads may reach %s.
                    ! What production needs: docs/reliability.md.
                    """,
                    platform.settings().get(Keys.TOPICS_REPLICAS),
                    platform.settings().get(Keys.WEBHOOK_ALLOW).isEmpty()
                            ? "public addresses"
                            : String.join(", ", platform.settings().get(Keys.WEBHOOK_ALLOW)));
        }
        out.println();
        out.flush();
    }

    /** Keeps one line of figures up to date on a terminal; elsewhere just waits. Returns when interrupted. */
    void follow() throws InterruptedException {
        java.io.Console terminal = System.console();
        if (terminal == null || !terminal.isTerminal()) {
            never.await();
            return;
        }
        while (!never.await(1, TimeUnit.SECONDS)) {
            out.print("\r\u001b[K" + status());
            out.flush();
        }
    }

    private String status() {
        return "accepted " + count(search(Metric.PREDICTIONS_CREATED))
                + " · running " + (long) search(Metric.EXECUTOR_SLOTS).tag("state", "busy").gauges().stream()
                        .mapToDouble(Gauge::value).sum()
                + " · succeeded " + count(search(Metric.PREDICTIONS_COMPLETED).tag("status", "succeeded"))
                + " · failed " + count(search(Metric.PREDICTIONS_COMPLETED).tag("status", "failed"))
                + " · canceled " + count(search(Metric.PREDICTIONS_COMPLETED).tag("status", "canceled"))
                + " · webhooks " + count(search(Metric.WEBHOOK_ATTEMPTS).tag("outcome", "delivered"));
    }

    private Search search(Metric metric) {
        return platform.context().metrics().find(metric.id());
    }

    private static long count(Search search) {
        return (long) search.counters().stream().mapToDouble(Counter::count).sum();
    }
}
