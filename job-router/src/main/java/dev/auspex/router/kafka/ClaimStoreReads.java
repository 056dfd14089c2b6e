package dev.auspex.router.kafka;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.query.ClaimLookup;
import dev.auspex.router.query.ClaimReads;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Answers from the claims of the partitions that are here. Safe for any thread. */
final class ClaimStoreReads implements ClaimReads {

    private final PartitionStores stores;
    private final Topics topics;

    ClaimStoreReads(PartitionStores stores, Topics topics) {
        this.stores = stores;
        this.topics = topics;
    }

    @Override
    public ClaimLookup find(AccountId account, ClaimId claim, Instant at) {
        String key = ClaimKey.key(account, claim);
        int partition = topics.partitionOf(key);
        Optional<ReadOnlyKeyValueStore<String, byte[]>> store = stores.find(RouterTopology.CLAIMS, partition);
        if (store.isEmpty()) {
            return elsewhere(partition);
        }
        try {
            ClaimKey holder = ClaimTable.read(store.get().get(key));
            return holder == null || !holder.holdsAt(at) ? new ClaimLookup.Free() : new ClaimLookup.Held(holder);
        } catch (InvalidStateStoreException e) {
            return elsewhere(partition); // it moved away between the two calls
        }
    }

    private ClaimLookup elsewhere(int partition) {
        return switch (stores.owner(partition)) {
            case PartitionStores.Owner.Other(var address) -> new ClaimLookup.Elsewhere(address);
            case PartitionStores.Owner.Unknown(String reason) -> new ClaimLookup.Unavailable(reason);
        };
    }
}
