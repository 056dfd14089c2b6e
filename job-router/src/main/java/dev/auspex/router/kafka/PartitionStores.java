package dev.auspex.router.kafka;

import dev.auspex.router.query.RouterAddress;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Which stores are here and who has the others. Safe for any thread. */
final class PartitionStores {

    private final KafkaStreams streams;
    private final RouterAddress self;

    /** @param self the address this router gave the others */
    PartitionStores(KafkaStreams streams, RouterAddress self) {
        this.streams = streams;
        this.self = self;
    }

    /** Where a partition is that is not here. */
    sealed interface Owner {

        /** Another router has it. */
        record Other(RouterAddress address) implements Owner {}

        /** Nobody can say right now. @param reason one sentence */
        record Unknown(String reason) implements Owner {}
    }

    /** The part of a store that holds this partition; empty if it cannot be read here. */
    Optional<ReadOnlyKeyValueStore<String, byte[]>> find(String store, int partition) {
        try {
            return Optional.of(streams.store(StoreQueryParameters.fromNameAndType(
                            store, QueryableStoreTypes.<String, byte[]>keyValueStore())
                    .withPartition(partition)));
        } catch (InvalidStateStoreException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** Who has the partition. One task has all stores of a partition. */
    Owner owner(int partition) {
        KeyQueryMetadata metadata;
        try {
            metadata = streams.queryMetadataForKey(
                    RouterTopology.PREDICTIONS,
                    partition,
                    (topic, key, value, count) -> Optional.of(Set.of(partition)));
        } catch (IllegalStateException e) {
            return new Owner.Unknown("The router is starting or stopping.");
        }
        if (metadata == null || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
            return new Owner.Unknown("The routers are sharing out their work.");
        }
        RouterAddress owner = address(metadata.activeHost());
        return owner.equals(self) ? new Owner.Unknown("The state is being restored.") : new Owner.Other(owner);
    }

    /** The other routers that have partitions. */
    Set<RouterAddress> others() {
        return streams.metadataForAllStreamsClients().stream()
                .filter(client -> !client.topicPartitions().isEmpty())
                .map(client -> address(client.hostInfo()))
                .filter(address -> !address.equals(self))
                .collect(Collectors.toSet());
    }

    private static RouterAddress address(HostInfo host) {
        return new RouterAddress(host.host(), host.port());
    }
}
