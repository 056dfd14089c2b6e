package dev.auspex.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.runtime.config.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTokenTest {

    private static final MasterSecret SECRET = new MasterSecret(new Secret("s".repeat(32)));
    private static final AccountId ACME = new AccountId("acme");
    private static final PredictionId ID = new PredictionId("01kdyak3see2pvzfhg7rstevqk");

    @Test
    void shouldReadBackWhenTheTokenIsOurs() {
        String token = StreamToken.of(SECRET, ACME, ID);

        assertThat(token).matches("acme\\.01kdyak3see2pvzfhg7rstevqk\\.[A-Za-z0-9_-]{22}");
        assertThat(StreamToken.parse(SECRET, token)).contains(new StreamToken(ACME, ID));
    }

    @Test
    void shouldRefuseWhenAnyPartWasChanged() {
        String token = StreamToken.of(SECRET, ACME, ID);
        MasterSecret other = new MasterSecret(new Secret("t".repeat(32)));

        assertThat(StreamToken.parse(SECRET, token.replace("acme", "acmf"))).isEmpty();
        assertThat(StreamToken.parse(SECRET, token.replace("vqk", "vqm"))).isEmpty();
        assertThat(StreamToken.parse(SECRET, token + "A")).isEmpty();
        assertThat(StreamToken.parse(other, token)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "acme", "acme.01kdyak3see2pvzfhg7rstevqk", "a/b.c.d", "ü.ü.ü"})
    void shouldRefuseWhenTheTextIsNoToken(String text) {
        assertThat(StreamToken.parse(SECRET, text)).isEmpty();
    }
}
