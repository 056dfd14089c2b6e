package dev.auspex.router.replay;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Where partitions end, open transactions included: a reader of committed records that has come so far has seen everything
 * that had been committed when it was asked. Safe for any thread.
 *
 * @param admin asks the broker
 */
record Ends(Admin admin) {

    private static final int LIMIT_MS = 10_000;

    CompletableFuture<Map<TopicPartition, Long>> of(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> specs =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(specs, new ListOffsetsOptions().timeoutMs(LIMIT_MS))
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
