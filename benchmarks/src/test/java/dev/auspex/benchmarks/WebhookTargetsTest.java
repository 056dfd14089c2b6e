package dev.auspex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class WebhookTargetsTest {

    @Test
    void shouldTimeEveryMessageOnceAndNeverAnswerWhereItHangs() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try (WebhookTargets targets = WebhookTargets.start(vertx, 3, 1); HttpClient client = HttpClient.newHttpClient()) {
            targets.expect(2);
            String first = targets.address(1);
            String second = targets.address(2);
            assertThat(post(client, first)).isEqualTo(200);
            assertThat(targets.await(0)).isFalse();
            assertThat(targets.missing()).isOne();
            assertThat(post(client, second)).isEqualTo(200);
            assertThat(post(client, second)).isEqualTo(200);
            assertThat(targets.await(5)).isTrue();
            assertThat(targets.latencies().count()).isEqualTo(2);
            assertThat(targets.repeated()).isOne();
            assertThat(targets.repeated()).isZero();
            Assertions.assertThatExceptionOfType(HttpTimeoutException.class)
                    .isThrownBy(() -> post(client, targets.address(0), Duration.ofSeconds(1)));
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void shouldTimeAMessageFromItsOwnTimeWhenItWasDueBefore() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try (WebhookTargets targets = WebhookTargets.start(vertx, 1, 0); HttpClient client = HttpClient.newHttpClient()) {
            targets.expect(1);
            post(client, targets.address(0, System.nanoTime() - Duration.ofSeconds(90).toNanos()));
            assertThat(targets.latencies().max()).isBetween(90_000.0, 150_000.0);
        } finally {
            vertx.close().await();
        }
    }

    private static int post(HttpClient client, String url) throws Exception {
        return post(client, url, Duration.ofSeconds(10));
    }

    private static int post(HttpClient client, String url, Duration limit) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(url))
                                .version(HttpClient.Version.HTTP_1_1)
                                .timeout(limit)
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
