package dev.auspex.router.kafka;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.PredictionJson;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.query.LocalPage;
import dev.auspex.router.query.Lookup;
import dev.auspex.router.query.PageRequest;
import dev.auspex.router.query.PredictionReads;
import dev.auspex.router.query.PredictionView;
import dev.auspex.router.query.RouterAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Answers from the stores of the partitions that are here. Safe for any thread. */
final class StoreReads implements PredictionReads {

    private final PartitionStores stores;
    private final Topics topics;
    private final ReadIndex readIndex;

    StoreReads(PartitionStores stores, Topics topics, ReadIndex readIndex) {
        this.stores = stores;
        this.topics = topics;
        this.readIndex = readIndex;
    }

    @Override
    public Lookup find(AccountId account, PredictionId id) {
        int partition = topics.partitionOf(id);
        Optional<ReadOnlyKeyValueStore<String, byte[]>> store = store(partition);
        if (store.isEmpty()) {
            return elsewhere(partition);
        }
        try {
            byte[] stored = store.get().get(StoreKey.of(account, id));
            return stored == null || !StateCodec.isKnown(stored) ? new Lookup.Absent() : new Lookup.Found(view(stored));
        } catch (InvalidStateStoreException e) {
            return elsewhere(partition); // it moved away between the two calls
        }
    }

    @Override
    public CompletableFuture<Boolean> caughtUp(PredictionId id) {
        return readIndex.caughtUp(topics.partitionOf(id), id.createdAt());
    }

    @Override
    public LocalPage list(PageRequest page) {
        PageReader reader = new PageReader(page);
        for (int partition = 0; partition < partitions(); partition++) {
            int number = partition;
            store(partition).ifPresent(store -> reader.add(number, store));
        }
        return reader.read();
    }

    @Override
    public Set<RouterAddress> peers() {
        return stores.others();
    }

    @Override
    public int partitions() {
        return topics.settings().partitions();
    }

    static PredictionView view(byte[] stored) {
        PredictionState.Known state = (PredictionState.Known) StateCodec.decode(stored).state();
        return new PredictionView(
                state.job().id(),
                PredictionJson.render(state.toPrediction()),
                state.status(),
                state.sequence(),
                state.attempts().current());
    }

    private Optional<ReadOnlyKeyValueStore<String, byte[]>> store(int partition) {
        return stores.find(RouterTopology.PREDICTIONS, partition);
    }

    private Lookup elsewhere(int partition) {
        return switch (stores.owner(partition)) {
            case PartitionStores.Owner.Other(var address) -> new Lookup.Elsewhere(address);
            case PartitionStores.Owner.Unknown(String reason) -> new Lookup.Unavailable(reason);
        };
    }
}
