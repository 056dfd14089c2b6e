package dev.auspex.runtime.security;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import java.util.Optional;

/**
 * What a stream's address ends with: {@code <account>.<prediction>.<signature>}. Official clients send no Authorization to
 * streams, so the address is the permission. Immutable; safe for any thread.
 *
 * @param account whose prediction it is
 * @param prediction which one
 */
public record StreamToken(AccountId account, PredictionId prediction) {

    private static final String PURPOSE = "stream";

    /** The token for a prediction; the same on every gateway of the installation. */
    public static String of(MasterSecret secret, AccountId account, PredictionId prediction) {
        return account + "." + prediction + "." + secret.sign(PURPOSE, account + "/" + prediction);
    }

    /** What the token permits; empty if we did not make it. */
    public static Optional<StreamToken> parse(MasterSecret secret, String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3 || !AccountId.isValid(parts[0]) || !PredictionId.isValid(parts[1])) {
            return Optional.empty();
        }
        return secret.verify(PURPOSE, parts[0] + "/" + parts[1], parts[2])
                ? Optional.of(new StreamToken(new AccountId(parts[0]), new PredictionId(parts[1])))
                : Optional.empty();
    }
}
