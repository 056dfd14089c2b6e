package dev.auspex.router.kafka;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key of the store {@code predictions}: {@code account/id}. Ids sort by time, so one account's predictions lie side
 * by side in the order of their creation, and another account's id is simply not there.
 */
final class StoreKey {

    /** After '/', and no account id contains it. */
    private static final char AFTER_SEPARATOR = '0';

    private StoreKey() {}

    static String of(AccountId account, PredictionId id) {
        return account.value() + '/' + id.value();
    }

    /** At or before every key of the account. */
    static String first(AccountId account, @Nullable PredictionId from) {
        return account.value() + '/' + (from == null ? "" : from.value());
    }

    /** At or after every key of the account whose id is not after {@code to}. */
    static String last(AccountId account, @Nullable PredictionId to) {
        return to == null ? account.value() + AFTER_SEPARATOR : account.value() + '/' + to.value();
    }

    /** The first key that can belong to another account. */
    static String afterAccount(String key) {
        return key.substring(0, key.indexOf('/')) + AFTER_SEPARATOR;
    }

    static AccountId account(String key) {
        return new AccountId(key.substring(0, key.indexOf('/')));
    }

    static PredictionId id(String key) {
        return new PredictionId(key.substring(key.indexOf('/') + 1));
    }

    /** When the prediction was created; empty if the key has another form. */
    static Optional<Instant> createdAt(String key) {
        String id = key.substring(key.indexOf('/') + 1);
        return PredictionId.isValid(id) ? Optional.of(new PredictionId(id).createdAt()) : Optional.empty();
    }
}
