package dev.auspex.router.kafka;

import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.query.QueuedPart;
import dev.auspex.router.query.QueuedReads;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/** Answers from the tallies of the partitions that are here. Safe for any thread. */
final class QueuedStoreReads implements QueuedReads {

    private final PartitionStores stores;
    private final Topics topics;

    QueuedStoreReads(PartitionStores stores, Topics topics) {
        this.stores = stores;
        this.topics = topics;
    }

    @Override
    public List<QueuedPart> read() {
        List<QueuedPart> parts = new ArrayList<>();
        for (int partition = 0; partition < topics.settings().partitions(); partition++) {
            int number = partition;
            stores.find(RouterTopology.QUEUED, partition).ifPresent(store -> {
                try {
                    parts.add(new QueuedPart(number, QueueTally.read(store)));
                } catch (InvalidStateStoreException e) {
                    return; // it moved away: whoever asks sees that a part is missing
                }
            });
        }
        return parts;
    }
}
