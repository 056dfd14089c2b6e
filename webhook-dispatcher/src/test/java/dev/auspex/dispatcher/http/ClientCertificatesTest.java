package dev.auspex.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.auspex.dispatcher.testing.TestKeys;
import dev.auspex.protocol.delivery.ClientCertificate;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.security.MasterSecret;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ClientCertificatesTest {

    private static final EndpointId ENDPOINT = new EndpointId("ep_abcdefghijklmnopqrst");
    private static final Instant NOW = Instant.parse("2027-01-02T03:04:05Z");

    private final ClientCertificates certificates = new ClientCertificates(secret("a"));

    @Test
    void shouldGiveBackTheSameKeyWhenItOpensWhatItSealed() throws Exception {
        String key = TestKeys.key("other");
        ClientCertificate sealed = certificates.seal(ENDPOINT, TestKeys.certificate("other"), key, NOW);
        assertThat(ClientCertificates.own(sealed).getSubjectX500Principal().getName()).isEqualTo("CN=other.example.test");
        PemKeyCertOptions opened = certificates.open(ENDPOINT, sealed);
        assertThat(bare(opened.getKeyValue().toString())).isEqualTo(bare(key));
        assertThat(certificates.open(ENDPOINT, sealed)).as("connections are pooled by it").isEqualTo(opened);
    }

    @Test
    void shouldKeepNothingReadableOfTheKeyAndNeverTheSameTwice() throws Exception {
        String key = TestKeys.key("other");
        ClientCertificate first = certificates.seal(ENDPOINT, TestKeys.certificate("other"), key, NOW);
        ClientCertificate second = certificates.seal(ENDPOINT, TestKeys.certificate("other"), key, NOW);
        assertThat(second.sealedKey()).isNotEqualTo(first.sealedKey());
        byte[] plain = Base64.getDecoder().decode(bare(key));
        byte[] stored = Base64.getDecoder().decode(first.sealedKey().substring("v1.".length()));
        // The last bytes of a PKCS #8 key are the secret itself.
        for (int i = 0; i + 8 <= stored.length; i++) {
            for (int j = plain.length - 40; j + 8 <= plain.length; j++) {
                assertThat(java.util.Arrays.equals(stored, i, i + 8, plain, j, j + 8)).isFalse();
            }
        }
    }

    @Test
    void shouldNotOpenItForAnybodyElse() throws Exception {
        ClientCertificate sealed =
                certificates.seal(ENDPOINT, TestKeys.certificate("other"), TestKeys.key("other"), NOW);
        assertRefused(new ClientCertificates(secret("b")), ENDPOINT, sealed);
        assertRefused(certificates, new EndpointId("ep_bbcdefghijklmnopqrst"), sealed);
        assertRefused(certificates, ENDPOINT, new ClientCertificate(TestKeys.certificate("hooks"), sealed.sealedKey()));
        char last = sealed.sealedKey().charAt(20);
        String changed = sealed.sealedKey().substring(0, 20) + (last == 'A' ? 'B' : 'A') + sealed.sealedKey().substring(21);
        assertRefused(certificates, ENDPOINT, new ClientCertificate(sealed.chain(), changed));
        assertRefused(certificates, ENDPOINT, new ClientCertificate(sealed.chain(), "v1.AAAA"));
        assertRefused(certificates, ENDPOINT, new ClientCertificate(sealed.chain(), "v2." + sealed.sealedKey()));
    }

    @Test
    void shouldSayWhatItExpectsWhenItCannotTakeThem() throws Exception {
        String certificate = TestKeys.certificate("other");
        String key = TestKeys.key("other");
        assertNotTaken("no PEM", key, "X.509 certificates, PEM");
        assertNotTaken("", key, "X.509 certificates, PEM");
        assertNotTaken(TestKeys.pem("CERTIFICATE", new byte[100]), key, "X.509 certificates, PEM");
        assertNotTaken(certificate.repeat(11), key, "1 to 10");
        assertNotTaken(certificate, "no PEM", "PKCS #8");
        assertNotTaken(certificate, TestKeys.pem("EC PRIVATE KEY", new byte[100]), "PKCS #8");
        assertNotTaken(certificate, TestKeys.pem("ENCRYPTED PRIVATE KEY", new byte[100]), "PKCS #8");
        assertNotTaken(certificate, TestKeys.pem("PRIVATE KEY", new byte[100]), "the private key of the first certificate");
        assertNotTaken(certificate, TestKeys.key("hooks"), "the private key of the first certificate");
        byte[] rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
        assertNotTaken(certificate, TestKeys.pem("PRIVATE KEY", rsa), "the private key of the first certificate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> certificates.seal(ENDPOINT, certificate, key, Instant.parse("2200-01-01T00:00:00Z")))
                .withMessageContaining("not expired");
    }

    private void assertNotTaken(String certificate, String key, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> certificates.seal(ENDPOINT, certificate, key, NOW))
                .withMessageContaining(expected);
    }

    private static void assertRefused(ClientCertificates by, EndpointId endpoint, ClientCertificate sealed) {
        assertThatIllegalStateException().isThrownBy(() -> by.open(endpoint, sealed)).withMessageContaining("secret");
    }

    private static String bare(String pem) {
        return pem.replaceAll("-----[A-Z ]+-----|\\s", "");
    }

    private static MasterSecret secret(String letter) {
        return new MasterSecret(new Secret(letter.repeat(32)));
    }
}
