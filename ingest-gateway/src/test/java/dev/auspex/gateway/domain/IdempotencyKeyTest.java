package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    @Test
    void shouldReadAKeyWhenItIsPrintable() {
        assertThat(IdempotencyKey.read(List.of())).isEmpty();
        assertThat(IdempotencyKey.read(List.of("a b~!")))
                .isEqualTo(IdempotencyKey.read(List.of(" a b~! ")))
                .isNotEqualTo(IdempotencyKey.read(List.of("a b~")));
        assertThat(IdempotencyKey.read(List.of("k".repeat(255)))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\tb", "ä", "a\u007f"})
    void shouldNameTheHeaderWhenTheKeyIsNotAcceptable(String key) {
        assertRefused(List.of(key));
    }

    @Test
    void shouldRefuseWhenThereAreTwoKeysOrOneIsTooLong() {
        assertRefused(List.of("a", "b"));
        assertRefused(List.of("k".repeat(256)));
    }

    private static void assertRefused(List<String> headers) {
        assertThatThrownBy(() -> IdempotencyKey.read(headers))
                .isInstanceOfSatisfying(ApiException.class, refusal -> {
                    assertThat(refusal.error()).isEqualTo(ApiError.INVALID_REQUEST);
                    assertThat(refusal.invalidFields().getFirst().field()).isEqualTo("Idempotency-Key");
                });
    }
}
