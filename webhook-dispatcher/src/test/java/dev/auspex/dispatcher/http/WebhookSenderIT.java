package dev.auspex.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.domain.AttemptOutcome;
import dev.auspex.dispatcher.domain.AttemptReport;
import dev.auspex.dispatcher.testing.Receiver;
import dev.auspex.dispatcher.testing.TestKeys;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.DeliveryTrace;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.net.TimedTransport;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.TrustOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One sender, real sockets on loopback, receivers that misbehave. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookSenderIT {

    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    private static final AddressGuard LOOPBACK = AddressGuard.of(List.of("127.0.0.1/32"));

    private final Vertx vertx = Vertx.builder().withTransport(TimedTransport.create()).build();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        open.clear();
    }

    @AfterAll
    void closeVertx() {
        vertx.close().await();
    }

    @Test
    void shouldConnectToTheCheckedAddressWhenTheNameResolves() throws Exception {
        Receiver receiver = receiver();
        AtomicInteger lookUps = new AtomicInteger();
        WebhookSender sender = sender(LOOPBACK, host -> {
            lookUps.incrementAndGet();
            return new InetAddress[] {InetAddress.getByName("10.1.2.3"), InetAddress.getByName("127.0.0.1")};
        }, null);
        String url = "http://hooks.example.test:" + receiver.port() + "/in";
        assertThat(send(sender, url).kind()).isEqualTo(Outcome.DELIVERED);
        assertThat(send(sender, url).kind()).isEqualTo(Outcome.DELIVERED);
        assertThat(receiver.received().getFirst().headers())
                .containsEntry("host", "hooks.example.test:" + receiver.port());
        DeliveryTrace third = report(sender, url).trace();
        assertThat(third.address()).isEqualTo("127.0.0.1");
        assertThat(third.connectMillis()).as("the connection was kept").isNull();
        assertThat(third.firstByteMillis()).isNotNull();
        assertThat(third.response()).isEqualTo("ok");
        assertThat(lookUps).hasValue(1);
        assertThat(receiver.connections()).isEqualTo(1);
    }

    @Test
    void shouldPutAnIpv6AddressInBracketsWhenItIsTheHost() throws Exception {
        Receiver receiver = new Receiver(vertx, new HttpServerOptions().setHost("::1"));
        open.add(receiver);
        WebhookSender sender = sender(AddressGuard.of(List.of("::1/128")), loopback(), null);
        assertThat(send(sender, "http://[::1]:" + receiver.port() + "/").kind()).isEqualTo(Outcome.DELIVERED);
        assertThat(receiver.received().getFirst().headers()).containsEntry("host", "[::1]:" + receiver.port());
    }

    @Test
    void shouldNotConnectWhenTheNameHasOnlyForbiddenAddresses() throws Exception {
        Receiver receiver = receiver();
        WebhookSender sender = sender(AddressGuard.of(List.of()),
                host -> new InetAddress[] {InetAddress.getByName("127.0.0.1"), InetAddress.getByName("169.254.169.254")},
                null);
        assertThat(send(sender, "http://metadata.example.test:" + receiver.port() + "/").kind())
                .isEqualTo(Outcome.FORBIDDEN);
        assertThat(receiver.connections()).isZero();
    }

    @Test
    void shouldFailWhenTheNameDoesNotResolve() throws Exception {
        WebhookSender sender = sender(LOOPBACK, host -> {
            throw new UnknownHostException(host);
        }, null);
        assertThat(send(sender, "http://nowhere.example.test/").kind()).isEqualTo(Outcome.UNRESOLVED);
    }

    @Test
    void shouldDeliverOverTlsWhenTheCertificateIsOfTheName() throws Exception {
        PfxOptions certificate = TestKeys.pfx("hooks");
        Receiver receiver = tls(certificate);
        WebhookSender sender = sender(LOOPBACK, loopback(), certificate);
        String url = "https://hooks.example.test:" + receiver.port() + "/";
        AttemptReport first = report(sender, url);
        assertThat(first.outcome().kind()).isEqualTo(Outcome.DELIVERED);
        assertThat(first.trace().connectMillis()).isNotNull();
        assertThat(first.trace().tlsMillis()).isNotNull();
        assertThat(report(sender, url).trace().tlsMillis()).as("the connection was kept").isNull();
    }

    @Test
    void shouldSendNothingWhenTheCertificateIsOfAnotherName() throws Exception {
        PfxOptions certificate = TestKeys.pfx("other");
        Receiver receiver = tls(certificate);
        WebhookSender sender = sender(LOOPBACK, loopback(), certificate);
        AttemptOutcome outcome = send(sender, "https://hooks.example.test:" + receiver.port() + "/");
        assertThat(outcome.kind()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(outcome.errorOrNull()).contains("TLS");
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    void shouldSendNothingWhenTheCertificateIsNotTrusted() throws Exception {
        Receiver receiver = tls(TestKeys.pfx("hooks"));
        WebhookSender sender = sender(LOOPBACK, loopback(), null);
        assertThat(send(sender, "https://hooks.example.test:" + receiver.port() + "/").kind())
                .isEqualTo(Outcome.UNREACHABLE);
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    void shouldSendAtOnceAgainWhenAKeptConnectionWasClosed() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        NetServer server = raw(socket -> socket.handler(data -> {
            if (requests.incrementAndGet() == 2) {
                socket.close(); // as if it had been idle for too long
            } else {
                socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
            }
        }));
        WebhookSender sender = sender(LOOPBACK, loopback(), null);
        assertThat(send(sender, url(server)).kind()).isEqualTo(Outcome.DELIVERED);
        assertThat(send(sender, url(server)).kind()).isEqualTo(Outcome.DELIVERED);
        assertThat(requests).hasValue(3);
    }

    @Test
    void shouldFailWhenEveryConnectionIsClosedWithoutAnAnswer() throws Exception {
        NetServer server = raw(socket -> socket.handler(data -> socket.close()));
        AttemptOutcome outcome = send(sender(LOOPBACK, loopback(), null), url(server));
        assertThat(outcome.kind()).isEqualTo(Outcome.UNREACHABLE);
    }

    @Test
    void shouldFailWhenTheHeadersHaveNoEnd() throws Exception {
        NetServer server = raw(socket -> socket.handler(data -> {
            socket.write("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 5000; i++) {
                socket.write("x-" + i + ": " + "y".repeat(100) + "\r\n");
            }
        }));
        assertThat(send(sender(LOOPBACK, loopback(), null), url(server)).kind()).isEqualTo(Outcome.UNREACHABLE);
    }

    @Test
    void shouldCountTheStatusWhenTheBodyDripsOrIsHuge() throws Exception {
        NetServer drips = raw(socket -> socket.handler(data ->
                socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nx")));
        NetServer huge = raw(socket -> socket.handler(data -> socket.write(Buffer.buffer(
                "HTTP/1.1 503 No\r\ncontent-encoding: gzip\r\ncontent-length: 10000000000\r\nretry-after: 7\r\n\r\n"
                        + "z".repeat(100_000)))));
        WebhookSender sender = sender(LOOPBACK, loopback(), null);
        assertThat(send(sender, url(drips)).statusOrNull()).isEqualTo(200);
        assertThat(send(sender, url(huge))).isEqualTo(new AttemptOutcome.Answered(503, java.time.Duration.ofSeconds(7)));
    }

    @Test
    void shouldKeepTheBeginningOfTheAnswerWithoutTheSignatureWhenItEchoes() throws Exception {
        Receiver receiver = receiver().script((request, response) -> response.setStatusCode(500)
                .end("<got> " + request.headers().get("webhook-signature") + " " + "x".repeat(20_000)));
        AttemptReport report = report(sender(LOOPBACK, loopback(), null), receiver.url("/"));
        assertThat(report.trace().response()).startsWith("<got> (hidden) xxx").hasSizeLessThanOrEqualTo(16 * 1024);
        assertThat(report.trace().connectMillis()).isNotNull();
        assertThat(report.trace().tlsMillis()).isNull();
    }

    @Test
    void shouldFailWhenTheAnswerIsNotHttp() throws Exception {
        NetServer server = raw(socket -> socket.handler(data -> socket.write("220 smtp.example.test ready\r\n")));
        assertThat(send(sender(LOOPBACK, loopback(), null), url(server)).kind()).isEqualTo(Outcome.UNREACHABLE);
    }

    private AttemptOutcome send(WebhookSender sender, String url) throws Exception {
        return report(sender, url).outcome();
    }

    private AttemptReport report(WebhookSender sender, String url) throws Exception {
        Delivery delivery = Delivery.of(
                new PredictionId("01hzy3v9q8w7e6r5t4y3a2s1d0"), new AccountId("acme"), WebhookEvent.COMPLETED, 1, url,
                Instant.now());
        Promise<AttemptReport> promise = Promise.promise();
        vertx.runOnContext(ignored -> sender.send(Target.parse(url), delivery, 1, BODY, null).onComplete(promise));
        return promise.future().await(20, TimeUnit.SECONDS);
    }

    private WebhookSender sender(AddressGuard guard, AddressBook.Resolver resolver, @Nullable TrustOptions trust) {
        WebhookSender sender = Senders.sender(vertx, guard, resolver, trust);
        open.add(sender);
        return sender;
    }

    private static AddressBook.Resolver loopback() {
        return host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")};
    }

    private Receiver receiver() {
        Receiver receiver = new Receiver(vertx);
        open.add(receiver);
        return receiver;
    }

    private Receiver tls(PfxOptions certificate) {
        Receiver receiver = new Receiver(vertx, new HttpServerOptions()
                .setHost("127.0.0.1")
                .setSsl(true)
                .setKeyCertOptions(certificate));
        open.add(receiver);
        return receiver;
    }

    private NetServer raw(io.vertx.core.Handler<io.vertx.core.net.NetSocket> handler) {
        NetServer server = vertx.createNetServer().connectHandler(handler).listen(0, "127.0.0.1").await();
        open.add(() -> server.close().await());
        return server;
    }

    private static String url(NetServer server) {
        return "http://127.0.0.1:" + server.actualPort() + "/";
    }
}
