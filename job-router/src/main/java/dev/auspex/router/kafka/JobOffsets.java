package dev.auspex.router.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Asks the broker for offsets. Safe for any thread. */
public interface JobOffsets {

    /** The offset behind the newest record of each partition, committed or not. */
    CompletableFuture<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions);

    /** Up to where the routers have committed, at least the oldest record that is still there. */
    CompletableFuture<Map<TopicPartition, Long>> committed(Collection<TopicPartition> partitions);

    /** Through an administration client. @param group the routers' group */
    static JobOffsets of(Admin admin, String group) {
        return new JobOffsets() {
            @Override
            public CompletableFuture<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
                return list(admin, partitions, OffsetSpec.latest());
            }

            @Override
            public CompletableFuture<Map<TopicPartition, Long>> committed(Collection<TopicPartition> partitions) {
                ListConsumerGroupOffsetsSpec spec = new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
                CompletableFuture<Map<TopicPartition, Long>> committed = admin
                        .listConsumerGroupOffsets(Map.of(group, spec))
                        .partitionsToOffsetAndMetadata(group)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .thenApply(found -> {
                            Map<TopicPartition, Long> offsets = new HashMap<>();
                            found.forEach((partition, offset) -> {
                                if (offset != null) {
                                    offsets.put(partition, offset.offset());
                                }
                            });
                            return offsets;
                        });
                return committed.thenCombine(list(admin, partitions, OffsetSpec.earliest()), (theirs, oldest) -> {
                    Map<TopicPartition, Long> merged = new HashMap<>(oldest);
                    theirs.forEach((partition, offset) -> merged.merge(partition, offset, Math::max));
                    return merged;
                });
            }
        };
    }

    private static CompletableFuture<Map<TopicPartition, Long>> list(
            Admin admin, Collection<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> specs =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which));
        return admin.listOffsets(specs, new ListOffsetsOptions().timeoutMs(3_000))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .thenApply(found -> {
                    Map<TopicPartition, Long> offsets = new HashMap<>();
                    found.forEach((partition, info) -> offsets.put(partition, info.offset()));
                    return offsets;
                });
    }
}
