package dev.auspex.gateway.kafka;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.access.AccessRecord;
import dev.auspex.protocol.access.AccessRecord.Account;
import dev.auspex.protocol.access.AccessRecord.Token;
import dev.auspex.protocol.access.AccessRecord.TokenUsed;
import dev.auspex.protocol.access.TokenId;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps all accounts and tokens by reading their compacted topic from its beginning. Safe for any thread. */
public final class AccessFollower {

    private final TopicTail tail;
    private final ConcurrentMap<AccountId, Account> accounts = new ConcurrentHashMap<>();
    private final ConcurrentMap<TokenId, Token> tokens = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Token> byHash = new ConcurrentHashMap<>();
    private final ConcurrentMap<TokenId, LocalDate> used = new ConcurrentHashMap<>();
    private final Awaited<AccessRecord, AccessRecord> awaited = new Awaited<>();

    /** Reads nothing before {@link #start}. */
    public AccessFollower(KafkaClients kafka, Topics topics) {
        tail = new TopicTail(
                kafka.consumer("gateway-access", Map.of()),
                topics.access(),
                topics.settings().partitions(),
                TopicTail.From.BEGINNING,
                this::read);
    }

    /** Begins reading. */
    public void start() {
        tail.start();
    }

    /** Whether everything that was there at the start has been read. */
    public boolean isCaughtUp() {
        return tail.isCaughtUp();
    }

    /** The token with this hash, whether it still lets anybody in or not. */
    public Optional<Token> byHash(String hash) {
        return Optional.ofNullable(byHash.get(hash));
    }

    /** The token of that name. */
    public Optional<Token> find(TokenId id) {
        return Optional.ofNullable(tokens.get(id));
    }

    /** All tokens. */
    public Collection<Token> tokens() {
        return List.copyOf(tokens.values());
    }

    /** The account of that name, if it was made here and does not stand in the configuration. */
    public Optional<Account> find(AccountId id) {
        return Optional.ofNullable(accounts.get(id));
    }

    /** All accounts that were made here. */
    public Collection<Account> accounts() {
        return List.copyOf(accounts.values());
    }

    /** When a token was last used, as far as a gateway has said. */
    public Optional<LocalDate> lastUsed(TokenId id) {
        return Optional.ofNullable(used.get(id));
    }

    /** Completes when this very record has been read, or fails when the time is over. Ask before it is written. */
    public CompletableFuture<AccessRecord> seen(AccessRecord change, Duration limit) {
        return awaited.await(change, limit);
    }

    /** Ends reading. */
    public void stop(Duration limit) throws InterruptedException {
        tail.stop(limit);
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return; // nothing is ever taken out
        }
        AccessRecord change = Serdes.ACCESS.deserialize(record.value());
        switch (change) {
            case Account account -> accounts.put(account.id(), account);
            case Token token -> {
                tokens.put(token.id(), token);
                byHash.put(token.hash(), token);
            }
            case TokenUsed(TokenId id, LocalDate day) ->
                used.merge(id, day, (one, other) -> one.isAfter(other) ? one : other);
        }
        awaited.tell(change, change);
    }
}
