package dev.auspex.protocol.access;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.auspex.protocol.AccountId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The value of an {@code access} record: the newest of each key is what holds. Written and followed by gateways (ADR 20).
 * Immutable; safe for any thread.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AccessRecord.Account.class, name = "account"),
    @JsonSubTypes.Type(value = AccessRecord.Token.class, name = "token"),
    @JsonSubTypes.Type(value = AccessRecord.TokenUsed.class, name = "token-used")
})
public sealed interface AccessRecord {

    /** The record's key: two kinds of news about one thing do not replace each other. */
    @JsonIgnore
    String key();

    /**
     * An account.
     *
     * @param id its name
     * @param limits where they are not everybody's
     * @param createdAt when it was made
     */
    record Account(AccountId id, AccountLimits limits, Instant createdAt) implements AccessRecord {
        @Override
        public String key() {
            return "account/" + id;
        }
    }

    /**
     * A token, of which only the hash is known to anybody but its holder.
     *
     * @param id what it is called
     * @param account whose it is
     * @param hash SHA-256 of it, in lower-case hexadecimal digits
     * @param scopes what it may be used for
     * @param name for people
     * @param life from when to when
     */
    record Token(TokenId id, AccountId account, String hash, Set<Scope> scopes, String name, Life life)
            implements AccessRecord {
        /** Copies the scopes, in order: equal tokens are equal records. */
        public Token {
            scopes = java.util.Collections.unmodifiableSet(new TreeSet<>(scopes));
        }

        @Override
        public String key() {
            return "token/" + id;
        }

        /** Whether it lets anybody in at that time. */
        public boolean holdsAt(Instant time) {
            return life.revokedAt() == null && (life.expiresAt() == null || time.isBefore(life.expiresAt()));
        }

        /** The same token from now on of no use. */
        public Token revoked(Instant at) {
            return new Token(id, account, hash, scopes, name, new Life(life.createdAt(), life.expiresAt(), at));
        }
    }

    /**
     * The times of a token.
     *
     * @param createdAt when it was made
     * @param expiresAt from when on it is of no use; {@code null} for never
     * @param revokedAt when somebody ended it; {@code null} if nobody has
     */
    record Life(Instant createdAt, @Nullable Instant expiresAt, @Nullable Instant revokedAt) {}

    /** A token was used. @param id which @param day the last one, in UTC, as far as a gateway has said */
    record TokenUsed(TokenId id, LocalDate day) implements AccessRecord {
        @Override
        public String key() {
            return "used/" + id;
        }
    }
}
