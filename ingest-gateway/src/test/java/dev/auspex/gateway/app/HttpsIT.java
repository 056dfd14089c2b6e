package dev.auspex.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.security.DevelopmentCertificate;
import dev.auspex.testing.KafkaExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The API behind its own certificate: official clients make file objects only of https addresses. */
@ExtendWith(KafkaExtension.class)
class HttpsIT {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path folder;

    private static KeyStore trusted;
    private static Path certificate;
    private static Path key;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "api", "-keyalg", "EC", "-dname", "CN=localhost",
                        "-ext", "SAN=dns:localhost", "-validity", "2", "-storetype", "PKCS12",
                        "-keystore", store.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore pair = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(store)) {
            pair.load(stored, PASSWORD);
        }
        certificate = pem("CERTIFICATE", pair.getCertificate("api").getEncoded());
        key = pem("PRIVATE KEY", pair.getKey("api", PASSWORD).getEncoded());
        trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("api", pair.getCertificate("api"));
    }

    private static Path pem(String kind, byte[] content) throws IOException {
        String text = "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + kind + "-----\n";
        return Files.writeString(folder.resolve(kind.charAt(0) + ".pem"), text, StandardCharsets.US_ASCII);
    }

    private static HttpClient client() throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    @Test
    void shouldSpeakHttpsInAllAddressesWhenThereIsACertificate(KafkaClients kafka, Topics topics) throws Exception {
        RunningGateway.publish(kafka, topics, TestModels.ECHO);
        try (RunningGateway gateway = RunningGateway.start(kafka, topics, Map.of(
                        "http.tls.certificate", certificate.toString(), "http.tls.key", key.toString()));
                HttpClient client = client()) {
            String base = "https://localhost:" + gateway.gateway.port();
            HttpResponse<String> made = client.send(
                    HttpRequest.newBuilder(URI.create(base + "/v1/models/auspex/echo/predictions"))
                            .header("Authorization", "Bearer " + RunningGateway.TOKEN)
                            .POST(HttpRequest.BodyPublishers.ofString("{\"input\":{\"prompt\":\"x\"}}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            assertThat(RunningGateway.json(made).at("/urls/get").asText()).startsWith(base + "/v1/predictions/");
            assertThat(gateway.jobs().getFirst().baseUrl()).isEqualTo(base);
            assertThatThrownBy(() -> gateway.get("/readyz")).as("plain HTTP").isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldBeTrustedByWhoeverTrustsTheDevelopmentAuthorityAlsoAfterARestart(
            KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        Map<String, String> settings = Map.of("http.tls.development", "true", "data", data.toString());
        for (int start = 0; start < 2; start++) {
            try (RunningGateway gateway = RunningGateway.start(kafka, topics, settings);
                    HttpClient trusting = HttpClient.newBuilder()
                            .sslContext(DevelopmentCertificate.trusting(DevelopmentCertificate.authority(data)))
                            .build();
                    HttpClient other = client()) {
                String port = ":" + gateway.gateway.port() + "/readyz";
                for (String host : List.of("https://localhost", "https://127.0.0.1")) {
                    HttpRequest request = HttpRequest.newBuilder(URI.create(host + port)).build();
                    assertThat(trusting.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
                    assertThatThrownBy(() -> other.send(request, HttpResponse.BodyHandlers.ofString()))
                            .as("one that does not trust it").isInstanceOf(SSLException.class);
                }
            }
        }
    }

    @Test
    void shouldStayWithHttp1WhenAClientOffersToChange(KafkaClients kafka, Topics topics) throws Exception {
        try (RunningGateway gateway = RunningGateway.start(kafka, topics, Map.of());
                HttpClient offering = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpResponse<String> document = offering.send(
                    HttpRequest.newBuilder(URI.create(gateway.base() + "/openapi.json")).timeout(Duration.ofSeconds(20)).build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(document.statusCode()).isEqualTo(200);
            assertThat(document.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }

    @Test
    void shouldNameTheSettingWhenTheCertificateCannotBeUsed(KafkaClients kafka, Topics topics) {
        assertThatThrownBy(() -> RunningGateway.start(
                        kafka, topics, Map.of("http.tls.certificate", certificate.toString())))
                .isInstanceOf(ConfigException.class).hasMessageContaining("both or neither");
        assertThatThrownBy(() -> RunningGateway.start(kafka, topics, Map.of(
                        "http.tls.certificate", certificate.toString(), "http.tls.key", key.toString(),
                        "http.tls.development", "true")))
                .isInstanceOf(ConfigException.class).hasMessageContaining("expected one of them");
        assertThatThrownBy(() -> RunningGateway.start(kafka, topics, Map.of(
                        "http.tls.certificate", certificate.toString(), "http.tls.key", "/no/such/file")))
                .isInstanceOf(ConfigException.class).hasMessageContaining("http.tls.key");
        assertThatThrownBy(() -> RunningGateway.start(kafka, topics, Map.of(
                        "http.tls.certificate", certificate.toString(), "http.tls.key", certificate.toString())))
                .isInstanceOf(ConfigException.class).hasMessageContaining("http.tls");
    }
}
