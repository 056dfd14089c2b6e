package dev.auspex.protocol.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a token may be used for. */
public enum Scope {
    /** Read predictions, replays and dead letters. */
    PREDICTIONS_READ("predictions:read"),
    /** Create and cancel predictions, replay them. */
    PREDICTIONS_WRITE("predictions:write"),
    /** Everything about uploaded files. */
    FILES("files"),
    /** Change models, deployments and trainings; reading them needs no scope. */
    MODELS_WRITE("models:write"),
    /** Webhook secrets, endpoints and the delivery log. */
    WEBHOOKS("webhooks"),
    /** Read what was used. */
    USAGE("usage"),
    /** Make and revoke tokens of the same account, with no more scopes than one's own. */
    TOKENS("tokens"),
    /** Manage all accounts and their tokens, and read everybody's usage; nothing else of other accounts. */
    ADMIN("admin");

    private final String wireName;

    Scope(String wireName) {
        this.wireName = wireName;
    }

    /** The name in requests and records. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The scope of that name. @throws IllegalArgumentException if there is none */
    @JsonCreator
    public static Scope of(String wireName) {
        return find(wireName).orElseThrow(() -> new IllegalArgumentException("no scope " + wireName));
    }

    /** The scope of that name; empty if there is none. */
    public static Optional<Scope> find(String wireName) {
        return Arrays.stream(values()).filter(scope -> scope.wireName.equals(wireName)).findFirst();
    }

    /** What a token may do that is not asked about anything: the account's own work. */
    public static Set<Scope> work() {
        return EnumSet.complementOf(EnumSet.of(TOKENS, ADMIN));
    }
}
