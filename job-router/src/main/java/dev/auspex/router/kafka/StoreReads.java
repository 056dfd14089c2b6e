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
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Answers from the stores of the partitions that are here. Safe for any thread. */
public final class StoreReads implements PredictionReads {

    private final KafkaStreams streams;
    private final Topics topics;
    private final ReadIndex readIndex;
    private final RouterAddress self;

    /** @param self the address this router gave the others */
    public StoreReads(KafkaStreams streams, Topics topics, ReadIndex readIndex, RouterAddress self) {
        this.streams = streams;
        this.topics = topics;
        this.readIndex = readIndex;
        this.self = self;
    }

    @Override
    public Lookup find(AccountId account, PredictionId id) {
        int partition = topics.partitionOf(id);
        Optional<ReadOnlyKeyValueStore<String, byte[]>> store = store(partition);
        if (store.isEmpty()) {
            return elsewhere(id, partition);
        }
        try {
            byte[] stored = store.get().get(StoreKey.of(account, id));
            return stored == null || !StateCodec.isKnown(stored) ? new Lookup.Absent() : new Lookup.Found(view(stored));
        } catch (InvalidStateStoreException e) {
            return elsewhere(id, partition); // it moved away between the two calls
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
        return streams.metadataForAllStreamsClients().stream()
                .filter(client -> !client.topicPartitions().isEmpty())
                .map(client -> address(client.hostInfo()))
                .filter(address -> !address.equals(self))
                .collect(Collectors.toSet());
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
        try {
            return Optional.of(streams.store(StoreQueryParameters.fromNameAndType(
                            RouterTopology.PREDICTIONS, QueryableStoreTypes.<String, byte[]>keyValueStore())
                    .withPartition(partition)));
        } catch (InvalidStateStoreException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private Lookup elsewhere(PredictionId id, int partition) {
        KeyQueryMetadata metadata;
        try {
            metadata = streams.queryMetadataForKey(
                    RouterTopology.PREDICTIONS,
                    id,
                    (topic, key, value, count) -> Optional.of(Set.of(partition)));
        } catch (IllegalStateException e) {
            return new Lookup.Unavailable("The router is starting or stopping.");
        }
        if (metadata == null || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
            return new Lookup.Unavailable("The routers are sharing out their work.");
        }
        RouterAddress owner = address(metadata.activeHost());
        return owner.equals(self)
                ? new Lookup.Unavailable("The state is being restored.")
                : new Lookup.Elsewhere(owner);
    }

    private static RouterAddress address(HostInfo host) {
        return new RouterAddress(host.host(), host.port());
    }
}
