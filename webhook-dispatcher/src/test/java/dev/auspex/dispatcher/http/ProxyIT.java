package dev.auspex.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.domain.AttemptReport;
import dev.auspex.dispatcher.testing.Receiver;
import dev.auspex.dispatcher.testing.TestKeys;
import dev.auspex.dispatcher.testing.TestProxy;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.runtime.config.PortRange;
import dev.auspex.runtime.config.ProxyAddress;
import dev.auspex.runtime.net.AddressGuard;
import dev.auspex.runtime.net.Egress;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Webhooks through a proxy that looks names up itself: real sockets on loopback. */
class ProxyIT {

    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    private final Vertx vertx = Vertx.vertx();
    private TestProxy proxy;
    private Receiver plain;
    private Receiver tls;
    private WebhookSender sender;

    @BeforeEach
    void open() {
        proxy = new TestProxy(vertx);
        plain = new Receiver(vertx);
        tls = new Receiver(vertx, new HttpServerOptions()
                .setHost("127.0.0.1").setSsl(true).setKeyCertOptions(TestKeys.pfx("hooks")));
        AddressGuard guard = AddressGuard.of(List.of(), List.of(new PortRange(1024, PortRange.LAST)));
        Egress egress = new Egress(guard, ProxyAddress.parse("http://auspex:se%20cret@127.0.0.1:" + proxy.port()));
        sender = Senders.sender(
                vertx,
                egress,
                host -> {
                    throw new UnknownHostException("only the proxy looks names up");
                },
                TestKeys.pfx("hooks"));
    }

    @AfterEach
    void close() {
        sender.close();
        plain.close();
        tls.close();
        proxy.close();
        vertx.close().await();
    }

    @Test
    void shouldTunnelToTheNameAndVerifyItsCertificateWhenTheUrlIsHttps() throws Exception {
        AttemptReport report = send("https://hooks.example.test:" + tls.port() + "/in?x=1");
        assertThat(report.outcome().kind()).isEqualTo(Outcome.DELIVERED);
        assertThat(report.trace().address()).as("the proxy chose it").isNull();
        assertThat(report.trace().connectMillis()).isNotNull();
        assertThat(tls.received()).extracting(Receiver.Received::uri).containsExactly("/in?x=1");
        assertThat(tls.received().getFirst().headers()).doesNotContainKey("proxy-authorization");
        assertThat(proxy.asked()).hasSize(1).first().asString()
                .startsWith("CONNECT hooks.example.test:" + tls.port() + " ")
                .containsIgnoringCase("proxy-authorization: Basic YXVzcGV4OnNlIGNyZXQ="); // auspex:se cret
        assertThat(send("https://hooks.example.test:" + tls.port() + "/").outcome().kind()).isEqualTo(Outcome.DELIVERED);
        assertThat(proxy.asked()).as("the connection was kept").hasSize(1);
        assertThat(send("https://elsewhere.example.test:" + tls.port() + "/").outcome().kind())
                .as("a certificate of another name").isEqualTo(Outcome.UNREACHABLE);
        assertThat(tls.received()).hasSize(2);
    }

    @Test
    void shouldAskForTheWholeUrlWhenItIsHttp() throws Exception {
        String url = "http://hooks.example.test:" + plain.port() + "/in?x=1";
        assertThat(send(url).outcome().kind()).isEqualTo(Outcome.DELIVERED);
        assertThat(proxy.asked()).hasSize(1).first().asString()
                .startsWith("POST " + url + " ")
                .containsIgnoringCase("host: hooks.example.test:" + plain.port())
                .containsIgnoringCase("proxy-authorization: Basic ");
        assertThat(plain.received()).extracting(Receiver.Received::text).containsExactly("{\"a\":1}");
    }

    @Test
    void shouldNotEvenAskTheProxyWhenTheUrlAloneIsForbidden() throws Exception {
        for (String url : List.of(
                "http://127.0.0.1:8080/", "https://10.0.0.1:8443/", "http://169.254.169.254:8080/", "http://[::1]:8080/",
                "http://[::ffff:10.0.0.1]:8080/", "http://localhost:8080/", "http://a.localhost:8080/",
                "http://metadata.google.internal:8080/", "http://metadata.google.internal.:8080/", "http://PRINTER.local:8080/",
                "http://intranet:8080/", "http://nas.home.arpa:8080/", "http://hooks.example.test:25/", "http://8.8.8.8:25/")) {
            assertThat(send(url).outcome().kind()).as(url).isEqualTo(Outcome.FORBIDDEN);
        }
        assertThat(proxy.asked()).isEmpty();
    }

    @Test
    void shouldSayThatItWasTheProxyWhenItDoesNotConnect() throws Exception {
        proxy.refuse();
        AttemptReport refused = send("https://hooks.example.test:" + tls.port() + "/");
        assertThat(refused.outcome().kind()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(refused.outcome().errorOrNull()).contains("proxy").doesNotContain("cret");
        assertThat(tls.received()).isEmpty();
    }

    @Test
    void shouldFailWhenNoProxyIsThere() throws Exception {
        proxy.close();
        assertThat(send("https://hooks.example.test:" + tls.port() + "/").outcome().kind()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(send("http://hooks.example.test:" + plain.port() + "/").outcome().kind()).isEqualTo(Outcome.UNREACHABLE);
        proxy = new TestProxy(vertx);
    }

    private AttemptReport send(String url) throws Exception {
        Delivery delivery = Delivery.of(
                new PredictionId("01hzy3v9q8w7e6r5t4y3a2s1d0"), new AccountId("acme"), WebhookEvent.COMPLETED, 1, url,
                Instant.now());
        Promise<AttemptReport> promise = Promise.promise();
        vertx.runOnContext(ignored -> sender.send(Target.parse(url), delivery, 1, BODY, null).onComplete(promise));
        return promise.future().await(20, TimeUnit.SECONDS);
    }
}
