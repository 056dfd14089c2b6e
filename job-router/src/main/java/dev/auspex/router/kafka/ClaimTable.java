package dev.auspex.router.kafka;

import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.json.Serdes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The store of one partition's claims: {@code account/claim} → the command that won. Beside each lies an entry that begins
 * with its time of expiry, so that a sweep reads only what has to go. All that decides stands in the commands: a repeated
 * run decides the same. One thread, the task's.
 */
final class ClaimTable {

    static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);
    /** Records may be processed late; a claim that held when they were written must still be found. */
    static final Duration SWEEP_DELAY = Duration.ofHours(1);

    /** Begins the entries that sort by expiry; before every account's first character. */
    private static final String BY_EXPIRY = "!";
    private static final byte[] NOTHING = {};

    private final KeyValueStore<String, byte[]> store;

    ClaimTable(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** Takes in a claim. @return the one that won: this one unless an earlier one still holds */
    ClaimKey claim(ClaimKey claim) {
        ClaimKey holder = read(store.get(claim.key()));
        if (holder != null && holder.holdsAt(claim.claimedAt())) {
            return holder;
        }
        if (holder != null) {
            store.delete(expiry(holder));
        }
        store.put(claim.key(), Serdes.COMMAND.serialize(claim));
        store.put(expiry(claim), NOTHING);
        return claim;
    }

    /** Removes claims that have expired. @param limit at most so many @return how many left */
    int sweep(Instant now, int limit) {
        List<String> expired = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = store.range(BY_EXPIRY, position(now))) {
            while (entries.hasNext() && expired.size() < limit) {
                expired.add(entries.next().key);
            }
        }
        for (String entry : expired) {
            store.delete(entry);
            store.delete(entry.substring(entry.indexOf(' ') + 1));
        }
        return expired.size();
    }

    /** The claim in a stored value; {@code null} if there is none. */
    static @Nullable ClaimKey read(byte @Nullable [] stored) {
        if (stored == null) {
            return null;
        }
        Command command = Serdes.COMMAND.deserialize(stored);
        if (command instanceof ClaimKey claim) {
            return claim;
        }
        throw new IllegalStateException("the store of claims holds a " + command.getClass().getSimpleName());
    }

    private static String expiry(ClaimKey claim) {
        return position(claim.expiresAt()) + " " + claim.key();
    }

    private static String position(Instant time) {
        return BY_EXPIRY + String.format(Locale.ROOT, "%015d", time.toEpochMilli());
    }
}
