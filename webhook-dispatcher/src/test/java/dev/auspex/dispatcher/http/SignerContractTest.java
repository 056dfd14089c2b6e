package dev.auspex.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.http.Signer.Message;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import dev.auspex.protocol.delivery.WebhookEndpoint.Signing;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.security.MasterSecret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SignerContractTest {

    private static final byte[] KEY = Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final EndpointKeys ENDPOINT_KEYS =
            new EndpointKeys(new MasterSecret(new Secret("0123456789abcdef0123456789abcdef")));
    private static final EndpointId ENDPOINT = new EndpointId("ep_aaaaaaaaaaaaaaaaaaaa");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final byte[] BODY = "{\"a\":\"größe\"}".getBytes(StandardCharsets.UTF_8);
    private static final Message MESSAGE = new Message("msg_1", NOW.getEpochSecond(), BODY);

    @Test
    void shouldGiveTheKnownSignatureWhenTheVectorIsSigned() {
        Signer signer = new Signer(account -> KEY, ENDPOINT_KEYS);
        byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 2; i++) { // a MAC that is used again begins anew
            assertThat(signer.sign(
                            new AccountId("acme"), new Message("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330L, body)))
                    .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        }
    }

    @Test
    void shouldUseTheKeyOfTheAccountWhenThereAreSeveral() {
        Signer signer = new Signer(account -> account.value().getBytes(StandardCharsets.UTF_8), ENDPOINT_KEYS);
        Message message = new Message("id", 1, new byte[0]);
        String one = signer.sign(new AccountId("one"), message);
        assertThat(signer.sign(new AccountId("two"), message)).isNotEqualTo(one);
        assertThat(signer.sign(new AccountId("one"), message)).isEqualTo(one);
    }

    @Test
    void shouldSignWithBothSecretsWhileARotationOverlaps() {
        Signer signer = new Signer(account -> KEY, ENDPOINT_KEYS);
        String before = signer.sign(endpoint(1, null, false), MESSAGE);
        String during = signer.sign(endpoint(2, NOW.plusSeconds(1), false), MESSAGE);
        String after = signer.sign(endpoint(2, NOW, false), MESSAGE);
        assertThat(before).startsWith("v1,").doesNotContain(" ");
        assertThat(during.split(" ")).hasSize(2).containsExactly(after, before);
        assertThat(hmac(ENDPOINT_KEYS.secret(ENDPOINT, 2))).isEqualTo(after);
        assertThat(hmac(ENDPOINT_KEYS.secret(ENDPOINT, 1))).isEqualTo(before);
    }

    @Test
    void shouldAddAnEd25519SignatureThatThePublicKeyVerifiesWhenItIsAskedFor() throws Exception {
        Signer signer = new Signer(account -> KEY, ENDPOINT_KEYS);
        String[] signatures = signer.sign(endpoint(1, null, true), MESSAGE).split(" ");
        assertThat(signatures).hasSize(2);
        assertThat(signatures[1]).startsWith("v1a,");
        String publicKey = ENDPOINT_KEYS.publicKey(ENDPOINT);
        assertThat(publicKey).startsWith("whpk_");
        byte[] raw = Base64.getDecoder().decode(publicKey.substring("whpk_".length()));
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(
                HexFormat.of().parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(raw))));
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(content());
        assertThat(verifier.verify(Base64.getDecoder().decode(signatures[1].substring(4)))).isTrue();
    }

    @Test
    void shouldDeriveOtherKeysForEveryEndpointAndVersion() {
        assertThat(List.of(
                        ENDPOINT_KEYS.secret(ENDPOINT, 1),
                        ENDPOINT_KEYS.secret(ENDPOINT, 2),
                        ENDPOINT_KEYS.secret(new EndpointId("ep_bbbbbbbbbbbbbbbbbbbb"), 1)))
                .doesNotHaveDuplicates()
                .allSatisfy(secret -> assertThat(secret).matches("whsec_[A-Za-z0-9+/]{32}"));
    }

    private static String hmac(String secret) {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        return "v1," + Base64.getEncoder().encodeToString(MasterSecret.hmac(key, content()));
    }

    private static byte[] content() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes((MESSAGE.id() + "." + MESSAGE.timestamp() + ".").getBytes(StandardCharsets.UTF_8));
        content.writeBytes(BODY);
        return content.toByteArray();
    }

    private static WebhookEndpoint endpoint(int version, @Nullable Instant previousUntil, boolean asymmetric) {
        return new WebhookEndpoint(
                ENDPOINT,
                new AccountId("acme"),
                new WebhookEndpoint.Target(
                        "https://hooks.example.test/", null, List.of(WebhookEvent.COMPLETED), Map.of(), null, null),
                WebhookEndpoint.State.ACTIVE,
                null,
                new Signing(version, previousUntil, asymmetric),
                NOW,
                NOW);
    }
}
