package dev.auspex.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.domain.AttemptReport;
import dev.auspex.dispatcher.testing.Receiver;
import dev.auspex.dispatcher.testing.Receiver.Received;
import dev.auspex.dispatcher.testing.TestKeys;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.ClientCertificate;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.security.MasterSecret;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Receivers that ask for a client certificate: real TLS on loopback. */
class ClientCertificateIT {

    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    private static final Instant NOW = Instant.now();
    private static final EndpointId ONE = new EndpointId("ep_abcdefghijklmnopqrst");
    private static final EndpointId TWO = new EndpointId("ep_bbcdefghijklmnopqrst");

    private final Vertx vertx = Vertx.vertx();
    private final WebhookSender sender = Senders.sender(
            vertx,
            AddressGuard.of(List.of("127.0.0.1/32")),
            host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")},
            TestKeys.pfx("hooks"));

    @AfterEach
    void close() {
        sender.close();
        vertx.close().await();
    }

    @Test
    void shouldShowTheEndpointsCertificateWhenTheReceiverDemandsOne() throws Exception {
        try (Receiver receiver = receiver(ClientAuth.REQUIRED)) {
            assertThat(send(receiver, endpoint(ONE, sealed(Senders.SECRET, ONE))).outcome().kind())
                    .isEqualTo(Outcome.DELIVERED);
            assertThat(receiver.received()).extracting(Received::client).containsExactly("CN=other.example.test");
            assertThat(send(receiver, endpoint(TWO, null)).outcome().kind()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(send(receiver, null).outcome().kind()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(receiver.received()).as("only one showed a certificate").hasSize(1);
        }
    }

    @Test
    void shouldNeverUseAConnectionWithACertificateForAnybodyElse() throws Exception {
        try (Receiver receiver = receiver(ClientAuth.REQUEST)) {
            WebhookEndpoint with = endpoint(ONE, sealed(Senders.SECRET, ONE));
            send(receiver, with);
            send(receiver, endpoint(TWO, null));
            send(receiver, null);
            send(receiver, with);
            assertThat(receiver.received()).extracting(Received::client)
                    .containsExactly("CN=other.example.test", null, null, "CN=other.example.test");
            assertThat(receiver.connections()).as("one with the certificate and one without, both kept").isEqualTo(2);
        }
    }

    @Test
    void shouldStillVerifyTheReceiverWhenItShowsACertificate() throws Exception {
        try (Receiver receiver = receiver(ClientAuth.REQUEST)) {
            AttemptReport report = send(
                    "https://elsewhere.example.test:" + receiver.port() + "/", endpoint(ONE, sealed(Senders.SECRET, ONE)));
            assertThat(report.outcome().kind()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(receiver.received()).isEmpty();
        }
    }

    @Test
    void shouldFailTheAttemptWhenTheKeyWasSealedWithAnotherSecret() throws Exception {
        try (Receiver receiver = receiver(ClientAuth.REQUEST)) {
            MasterSecret another = new MasterSecret(new Secret("u".repeat(32)));
            AttemptReport report = send(receiver, endpoint(ONE, sealed(another, ONE)));
            assertThat(report.outcome().kind()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(report.outcome().errorOrNull()).contains("secret");
            assertThat(receiver.received()).isEmpty();
        }
    }

    private Receiver receiver(ClientAuth demand) {
        return new Receiver(vertx, new HttpServerOptions()
                .setHost("127.0.0.1")
                .setSsl(true)
                .setKeyCertOptions(TestKeys.pfx("hooks"))
                .setClientAuth(demand)
                .setTrustOptions(TestKeys.pfx("other")));
    }

    private static ClientCertificate sealed(MasterSecret secret, EndpointId id) throws Exception {
        return new ClientCertificates(secret).seal(id, TestKeys.certificate("other"), TestKeys.key("other"), NOW);
    }

    private static WebhookEndpoint endpoint(EndpointId id, @Nullable ClientCertificate certificate) {
        return new WebhookEndpoint(
                id,
                new AccountId("acme"),
                new WebhookEndpoint.Target(
                        "https://hooks.example.test/", null, List.of(WebhookEvent.COMPLETED), Map.of(), null, certificate),
                WebhookEndpoint.State.ACTIVE,
                null,
                new WebhookEndpoint.Signing(1, null, false),
                NOW,
                NOW);
    }

    private AttemptReport send(Receiver receiver, @Nullable WebhookEndpoint endpoint) throws Exception {
        return send("https://hooks.example.test:" + receiver.port() + "/", endpoint);
    }

    private AttemptReport send(String url, @Nullable WebhookEndpoint endpoint) throws Exception {
        Delivery delivery = Delivery.of(
                new PredictionId("01hzy3v9q8w7e6r5t4y3a2s1d0"), new AccountId("acme"), WebhookEvent.COMPLETED, 1, url, NOW);
        Promise<AttemptReport> promise = Promise.promise();
        vertx.runOnContext(ignored -> sender.send(Target.parse(url), delivery, 1, BODY, endpoint).onComplete(promise));
        return promise.future().await(20, TimeUnit.SECONDS);
    }
}
