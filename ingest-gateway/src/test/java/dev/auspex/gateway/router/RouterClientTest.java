package dev.auspex.gateway.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.http.InternalAccess;
import dev.auspex.runtime.security.MasterSecret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouterClientTest {

    private static final AccountId ALICE = new AccountId("alice");
    private static final PredictionId ID = PredictionId.create(Instant.EPOCH, new Random(3));

    private static final InternalAccess ACCESS =
            new InternalAccess(new MasterSecret(new Secret("s".repeat(32))), "router");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void shouldReadStatusAndAttemptWhenTheRouterAnswers() throws Exception {
        AttemptId attempt = new AttemptId(ID.value());
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            assertThat(ACCESS.isShownBy(request)).isTrue();
            request.response().putHeader("auspex-status", "aborted").putHeader("auspex-attempt", attempt.value()).end("{}");
        });
        RouterClient client = client(server, Duration.ofSeconds(5));

        assertThat(onLoop(() -> client.find(ALICE, ID)).get(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(RouterAnswer.Found.class, found -> {
                    assertThat(found.status()).isEqualTo(PredictionStatus.ABORTED);
                    assertThat(found.attempt()).isEqualTo(attempt);
                });
    }

    @Test
    void shouldAskTheNextRouterWhenOneIsAway() throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(
                request -> request.response().putHeader("auspex-status", "starting").end("{}"));
        server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
        RouterClient client = new RouterClient(
                vertx,
                List.of("http://127.0.0.1:1", "http://127.0.0.1:" + server.actualPort()),
                ACCESS,
                Duration.ofSeconds(5),
                10);

        assertThat(onLoop(() -> client.find(ALICE, ID)).get(10, TimeUnit.SECONDS))
                .isInstanceOf(RouterAnswer.Found.class);
    }

    @Test
    void shouldGiveUpAfterItsPatienceWhenNoRouterAnswers() {
        RouterClient client = new RouterClient(vertx, List.of("http://127.0.0.1:1"), ACCESS, Duration.ofMillis(300), 10);

        assertThat(onLoop(() -> client.find(ALICE, ID))).failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(ApiException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ApiError.UNAVAILABLE));
    }

    @Test
    void shouldSayUnavailableWhenTheGatewayIsStopping() {
        RouterClient client = new RouterClient(vertx, List.of("http://127.0.0.1:1"), ACCESS, Duration.ofSeconds(30), 10);
        client.close().await();

        assertThat(onLoop(() -> client.find(ALICE, ID))).failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(ApiException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ApiError.UNAVAILABLE));
    }

    @Test
    void shouldGiveUpWhenTheRouterStaysUnavailable() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            asked.incrementAndGet();
            request.response().setStatusCode(503).end();
        });
        RouterClient client = client(server, Duration.ofSeconds(1));

        assertThat(onLoop(() -> client.find(ALICE, ID))).failsWithin(Duration.ofSeconds(10));
        assertThat(asked.get()).isBetween(2, 7);
    }

    @Test
    void shouldEndTheRequestWhenTheWaitIsAbandoned() throws Exception {
        AtomicInteger open = new AtomicInteger();
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            open.incrementAndGet();
            request.connection().closeHandler(closed -> open.decrementAndGet());
        });
        RouterClient client = client(server, Duration.ofSeconds(5));
        Promise<Void> abandoned = Promise.promise();
        CompletableFuture<RouterAnswer> answer =
                onLoop(() -> client.await(ALICE, ID, Duration.ofSeconds(30), abandoned.future()));
        Awaitility.await().untilAsserted(() -> assertThat(open.get()).isOne());
        abandoned.complete();

        assertThat(answer).failsWithin(Duration.ofSeconds(5));
        Awaitility.await().untilAsserted(() -> assertThat(open.get()).isZero());
    }

    private RouterClient client(HttpServer server, Duration patience) throws Exception {
        server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
        return new RouterClient(vertx, List.of("http://127.0.0.1:" + server.actualPort()), ACCESS, patience, 10);
    }

    private <T> CompletableFuture<T> onLoop(Supplier<Future<T>> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        vertx.runOnContext(go -> call.get().onSuccess(result::complete).onFailure(result::completeExceptionally));
        return result;
    }
}
