package dev.auspex.dispatcher.kafka;

import dev.auspex.dispatcher.delivery.Endpoints;
import dev.auspex.dispatcher.delivery.PartitionWork;
import dev.auspex.dispatcher.delivery.Snapshot;
import dev.auspex.dispatcher.domain.OffsetLedger;
import dev.auspex.dispatcher.domain.OpenOffsets;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import dev.auspex.protocol.topic.SnapshotHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of {@code predictions} while this process owns it: picks the records that a webhook asked for, leaves out
 * those that were settled before the partition came here, and knows what may be committed. The polling thread only.
 */
final class OwnedPartition {

    private static final Logger LOG = LoggerFactory.getLogger(OwnedPartition.class);

    private final PartitionWork work;
    private final Endpoints endpoints;
    private final OffsetLedger ledger;
    private final long readBefore;
    private final Set<Long> openBefore;
    private long committedChanges;

    /**
     * @param endpoints that are told beside the predictions' own webhooks
     * @param before what the last owner left
     */
    OwnedPartition(PartitionWork work, Endpoints endpoints, OpenOffsets before) {
        this.work = work;
        this.endpoints = endpoints;
        this.ledger = new OffsetLedger(before.committed());
        this.readBefore = before.limit();
        this.openBefore = before.openSet();
        this.committedChanges = ledger.changes();
    }

    PartitionWork work() {
        return work;
    }

    OffsetLedger ledger() {
        return ledger;
    }

    /** Opens what is to be sent. */
    List<Snapshot> take(List<ConsumerRecord<String, byte[]>> records) {
        List<Snapshot> snapshots = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            boolean settled = record.offset() < readBefore && !openBefore.contains(record.offset());
            if (!settled && record.value() != null) {
                List<Delivery> deliveries = deliveries(record);
                if (!deliveries.isEmpty()) {
                    Iterator<OffsetLedger.Entry> entries =
                            ledger.open(record.offset(), record.serializedValueSize(), deliveries.size()).iterator();
                    deliveries.forEach(
                            delivery -> snapshots.add(new Snapshot(delivery, record.value(), entries.next())));
                }
            }
        }
        return snapshots;
    }

    /** Whether something is under way or has to be committed. */
    boolean busy() {
        return ledger.open() > 0 || ledger.changes() != committedChanges;
    }

    /** What has to be committed; empty if nothing has changed since the last time. */
    Optional<OffsetAndMetadata> toCommit() {
        long changes = ledger.changes();
        if (changes == committedChanges) {
            return Optional.empty();
        }
        committedChanges = changes;
        OpenOffsets offsets = ledger.snapshot();
        return Optional.of(new OffsetAndMetadata(offsets.committed(), offsets.encode()));
    }

    /** The last commit did not succeed. */
    void commitFailed() {
        committedChanges = -1;
    }

    // The router names what clients of Replicate know. Of its other snapshots, one without output and in the first state
    // says that the prediction was accepted, or that it was put back.
    private static @Nullable WebhookEvent event(SnapshotHeaders headers) {
        if (headers.change() != null || headers.status() != PredictionStatus.STARTING) {
            return headers.change();
        }
        return headers.sequence() == 0 ? WebhookEvent.QUEUED : WebhookEvent.RETRYING;
    }

    // A record that cannot be read must not stop the partition: nobody could ever be told about it anyway.
    private List<Delivery> deliveries(ConsumerRecord<String, byte[]> record) {
        try {
            SnapshotHeaders headers = SnapshotHeaders.readFrom(record.headers());
            Collection<WebhookEndpoint> registered = endpoints.of(headers.account());
            @Nullable WebhookEvent change = event(headers);
            if (change == null || (headers.webhook() == null && registered.isEmpty())) {
                return List.of();
            }
            Delivery own = Delivery.of(
                    new PredictionId(record.key()),
                    headers.account(),
                    change,
                    headers.sequence(),
                    headers.webhook() == null ? "" : headers.webhook().url(),
                    Instant.ofEpochMilli(record.timestamp()));
            List<Delivery> all = new ArrayList<>(1);
            if (headers.webhook() != null && headers.webhook().events().contains(change)) {
                all.add(own);
            }
            for (WebhookEndpoint endpoint : registered) {
                if (endpoint.state() != WebhookEndpoint.State.DISABLED && endpoint.target().events().contains(change)) {
                    all.add(own.to(endpoint));
                }
            }
            return all;
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("cause", e.getClass().getSimpleName())
                    .log("snapshot cannot be read and is left out");
            return List.of();
        }
    }
}
