package dev.auspex.router.kafka;

import dev.auspex.protocol.topic.Topics;
import dev.auspex.protocol.usage.UsagePart;
import dev.auspex.router.query.UsageQuery;
import dev.auspex.router.query.UsageReads;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/** Answers from the usage of the partitions that are here. Safe for any thread. */
final class UsageStoreReads implements UsageReads {

    private final PartitionStores stores;
    private final Topics topics;

    UsageStoreReads(PartitionStores stores, Topics topics) {
        this.stores = stores;
        this.topics = topics;
    }

    @Override
    public List<UsagePart> read(UsageQuery query) {
        List<UsagePart> parts = new ArrayList<>();
        for (int partition = 0; partition < topics.settings().partitions(); partition++) {
            int number = partition;
            stores.find(RouterTopology.USAGE, partition).ifPresent(store -> {
                try {
                    parts.add(new UsagePart(
                            number, UsageTable.read(store, query.account(), query.from(), query.to())));
                } catch (InvalidStateStoreException e) {
                    return; // it moved away: whoever asks sees that a part is missing
                }
            });
        }
        return parts;
    }
}
