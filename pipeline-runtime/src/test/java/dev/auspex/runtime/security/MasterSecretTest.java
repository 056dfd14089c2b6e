package dev.auspex.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.AccountId;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.config.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterSecretTest {

    private static final AccountId ACME = new AccountId("acme");
    private static final MasterSecret SECRET = new MasterSecret(new Secret("0123456789abcdef0123456789abcdef"));

    @TempDir
    Path folder;

    @Test
    void shouldComputeTheStandardValueWhenGivenTheVectorOfRfc4231() {
        byte[] mac = MasterSecret.hmac(
                "Jefe".getBytes(StandardCharsets.US_ASCII),
                "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII));

        assertThat(HexFormat.of().formatHex(mac))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void shouldNeverChangeWhatItDerivesWhenReleased() {
        // Receivers keep webhook secrets and clients keep stream addresses: these values are a contract.
        assertThat(SECRET.webhookSecret(ACME)).isEqualTo("whsec_" + Base64.getEncoder().encodeToString(
                java.util.Arrays.copyOf(MasterSecret.hmac(
                        "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII),
                        "webhook\nacme".getBytes(StandardCharsets.US_ASCII)), 24)));
        assertThat(SECRET.webhookKey(ACME)).hasSize(24);
        assertThat(SECRET.webhookSecret(ACME).substring(6)).matches("[A-Za-z0-9+/]{32}");
        assertThat(SECRET.sign("stream", "acme/x")).matches("[A-Za-z0-9_-]{22}");
    }

    @Test
    void shouldGiveDifferentKeysWhenPurposeOrSubjectOrSecretDiffers() {
        MasterSecret other = new MasterSecret(new Secret("x".repeat(32)));

        assertThat(SECRET.derive("a", "b")).hasSize(32).isEqualTo(SECRET.derive("a", "b"));
        assertThat(SECRET.derive("a", "b")).isNotEqualTo(SECRET.derive("a", "c"));
        assertThat(SECRET.derive("a", "b")).isNotEqualTo(SECRET.derive("b", "b"));
        assertThat(SECRET.derive("a", "b")).isNotEqualTo(other.derive("a", "b"));
    }

    @Test
    void shouldVerifyOnlyWhatItSigned() {
        String tag = SECRET.sign("stream", "acme/1");

        assertThat(SECRET.verify("stream", "acme/1", tag)).isTrue();
        assertThat(SECRET.verify("stream", "acme/2", tag)).isFalse();
        assertThat(SECRET.verify("files", "acme/1", tag)).isFalse();
        assertThat(SECRET.verify("stream", "acme/1", "")).isFalse();
        assertThat(SECRET.verify("stream", "acme/1", tag + "A")).isFalse();
    }

    @Test
    void shouldRefuseWhenTheSecretIsShort() {
        assertThatThrownBy(() -> new MasterSecret(new Secret("x".repeat(31))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("AUSPEX_SECRET")
                .hasMessageNotContaining("xxx");
    }

    @Test
    void shouldMakeAndKeepOneWhenNoneIsConfigured() throws Exception {
        Settings settings = Settings.of(Map.of("data", folder.resolve("new").toString()));

        MasterSecret made = MasterSecret.load(settings);
        MasterSecret again = MasterSecret.load(settings);

        assertThat(made.sign("a", "b")).isEqualTo(again.sign("a", "b"));
        Path file = folder.resolve("new/secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(Files.readString(file).strip()).matches("[0-9a-f]{64}");
    }

    @Test
    void shouldUseTheConfiguredOneWhenThereIsOne() throws Exception {
        MasterSecret loaded = MasterSecret.load(Settings.of(
                Map.of("data", folder.toString(), "secret", "0123456789abcdef0123456789abcdef")));

        assertThat(loaded.sign("a", "b")).isEqualTo(SECRET.sign("a", "b"));
        assertThat(folder.resolve("secret")).doesNotExist();
    }
}
