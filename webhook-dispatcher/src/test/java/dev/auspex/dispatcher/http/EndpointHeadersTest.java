package dev.auspex.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.EndpointId;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.security.MasterSecret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointHeadersTest {

    private static final EndpointId ONE = new EndpointId("ep_abcdefghijklmnopqrst");
    private static final EndpointId TWO = new EndpointId("ep_bbcdefghijklmnopqrst");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final EndpointHeaders headers = new EndpointHeaders(new MasterSecret(new Secret("a".repeat(32))));

    @Test
    void shouldGiveBackWhatItSealedAndKeepNothingReadable() {
        Map<String, String> plain = Map.of("x-key", "hunter2", "authorization", "v1.Basic abc");
        Map<String, String> sealed = headers.seal(ONE, plain);
        assertThat(sealed.keySet()).isEqualTo(plain.keySet());
        assertThat(sealed.toString()).doesNotContain("hunter2").doesNotContain("abc");
        assertThat(headers.open(endpoint(ONE, sealed))).isEqualTo(plain);
    }

    @Test
    void shouldSendWhatWasStoredBeforeValuesWereSealed() {
        assertThat(headers.open(endpoint(ONE, Map.of("x-key", "v1.plain")))).containsEntry("x-key", "v1.plain");
    }

    @Test
    void shouldOpenAValueOnlyForItsEndpointAndItsName() {
        Map<String, String> sealed = headers.seal(ONE, Map.of("x-key", "hunter2"));
        assertThatIllegalStateException().isThrownBy(() -> headers.open(endpoint(TWO, sealed)));
        assertThatIllegalStateException().isThrownBy(
                () -> headers.open(endpoint(ONE, Map.of("x-other", sealed.get("x-key")))));
        EndpointHeaders another = new EndpointHeaders(new MasterSecret(new Secret("b".repeat(32))));
        assertThatIllegalStateException().isThrownBy(() -> another.open(endpoint(ONE, sealed)));
    }

    private static WebhookEndpoint endpoint(EndpointId id, Map<String, String> headers) {
        return new WebhookEndpoint(
                id,
                new AccountId("acme"),
                new WebhookEndpoint.Target(
                        "https://hooks.example.test/", null, List.of(WebhookEvent.COMPLETED), headers, null, null),
                WebhookEndpoint.State.ACTIVE,
                null,
                new WebhookEndpoint.Signing(1, null, false),
                NOW,
                NOW);
    }
}
