package dev.auspex.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.security.MasterSecret;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileUrlsTest {

    private static final String BASE = "https://api.example.test";
    private static final FileId ID = new FileId("01kdyak3see2pvzfhg7rstevqk");
    private static final AccountId ACME = new AccountId("acme");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final FileSignature SIGNATURE = new FileSignature(new MasterSecret(new Secret("s".repeat(32))));

    @Test
    void shouldRecogniseTheFileWhenTheAddressIsOurs() {
        assertThat(FileUrls.parse(BASE, FileUrls.upload(BASE, ID))).contains(ID);
        assertThat(FileUrls.parse(BASE, FileUrls.output(BASE, named("a b/☃?.png")))).contains(ID);
        assertThat(FileUrls.parse(BASE, FileUrls.upload(BASE, ID) + "/download?owner=acme")).contains(ID);
        assertThat(FileUrls.parse(BASE, FileUrls.upload(BASE, ID) + "#x")).contains(ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "https://other.example.test/v1/files/01kdyak3see2pvzfhg7rstevqk", "https://api.example.test/v1/files/",
        "https://api.example.test/v1/files/..", "https://api.example.test.evil.test/v1/files/01kdyak3see2pvzfhg7rstevqk",
        "https://api.example.test/v1/files/01kdyak3see2pvzfhg7rstevqkk", "data:text/plain,x"
    })
    void shouldRecogniseNothingWhenTheAddressIsForeign(String url) {
        assertThat(FileUrls.parse(BASE, url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.png", "ä ö+&=%.png", "..", ".", "", "a/../b", "<script>"})
    void shouldGiveAnAddressThatSurvivesNormalisingWhenTheNameIsStrange(String name) {
        String url = FileUrls.output(BASE, named(name));

        assertThat(URI.create(url).normalize().toString()).isEqualTo(url);
        assertThat(url).startsWith(BASE + "/files/" + ID + "/").matches("[!-~]+");
    }

    @Test
    void shouldPermitWhenTheSignatureIsOursInWhateverDress() {
        long expiry = NOW.plusSeconds(60).getEpochSecond();
        String signature = SIGNATURE.sign(ACME, ID, expiry);
        String urlSafe = Base64.getUrlEncoder().withoutPadding().encodeToString(Base64.getDecoder().decode(signature));

        assertThat(SIGNATURE.permits(ACME, ID, expiry, signature, NOW)).isTrue();
        assertThat(SIGNATURE.permits(ACME, ID, expiry, signature.replace('+', ' '), NOW)).isTrue();
        assertThat(SIGNATURE.permits(ACME, ID, expiry, urlSafe, NOW)).isTrue();
    }

    @Test
    void shouldRefuseWhenAnythingDiffersOrTheTimeIsOver() {
        long expiry = NOW.plusSeconds(60).getEpochSecond();
        String signature = SIGNATURE.sign(ACME, ID, expiry);

        assertThat(SIGNATURE.permits(new AccountId("other"), ID, expiry, signature, NOW)).isFalse();
        assertThat(SIGNATURE.permits(ACME, ID, expiry + 1, signature, NOW)).isFalse();
        assertThat(SIGNATURE.permits(ACME, ID, expiry, "", NOW)).isFalse();
        assertThat(SIGNATURE.permits(ACME, ID, expiry, "not base64 at all!", NOW)).isFalse();
        assertThat(SIGNATURE.permits(ACME, ID, expiry, signature, NOW.plusSeconds(60))).isFalse();
    }

    private static StoredFile named(String name) {
        return new StoredFile(
                ID, ACME, StoredFile.Kind.OUTPUT, name, "image/png", 1, "", "", Json.object(), NOW, null);
    }
}
