package dev.auspex.gateway.domain;

import dev.auspex.protocol.ClaimId;
import java.util.List;
import java.util.Optional;

/**
 * The header {@code Idempotency-Key}: requests of one account with the same key and body make one prediction or file. Only a hash
 * of the key leaves the request. Immutable; safe for any thread.
 *
 * @param claim what stands for the key
 */
public record IdempotencyKey(ClaimId claim) {

    /** The header's name. */
    public static final String HEADER = "Idempotency-Key";
    /** Says in an answer that an earlier, equal request did what was asked. */
    public static final String REPLAYED = "Idempotent-Replayed";

    private static final int MAX_LENGTH = 255;

    /**
     * The key of a request; empty if it has none.
     *
     * @param headers every value of the header
     * @throws ApiException 422 if it is not one text of 1 to 255 printable ASCII characters
     */
    public static Optional<IdempotencyKey> read(List<String> headers) {
        if (headers.isEmpty()) {
            return Optional.empty();
        }
        String key = headers.getFirst().strip();
        if (headers.size() > 1 || key.isEmpty() || key.length() > MAX_LENGTH || !isPrintable(key)) {
            throw ApiException.invalid(
                    HEADER, FieldProblems.FORMAT, "expected one key of 1 to " + MAX_LENGTH + " printable ASCII characters");
        }
        return Optional.of(new IdempotencyKey(ClaimId.of("idempotency-key", key)));
    }

    /** The refusal of a key that stands for another request. */
    public static ApiException reused() {
        return ApiException.invalid(
                HEADER, "idempotency_key_reused", "this key was used for a request with another body or route; use a new key");
    }

    private static boolean isPrintable(String key) {
        return key.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
