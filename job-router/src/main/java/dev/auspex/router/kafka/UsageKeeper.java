package dev.auspex.router.kafka;

import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.protocol.usage.AttemptUsage;
import dev.auspex.router.domain.Billing;
import dev.auspex.router.domain.Prices;
import dev.auspex.router.kafka.PredictionFold.Outcome;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Writes what ended attempts used and adds it up, in the task's transaction. One thread, the task's. */
final class UsageKeeper {

    private final ProcessorContext<String, byte[]> context;
    private final UsageTable table;
    private final Prices prices;

    UsageKeeper(ProcessorContext<String, byte[]> context, Prices prices) {
        this.context = context;
        this.table = new UsageTable(context.getStateStore(RouterTopology.USAGE));
        this.prices = prices;
    }

    /** @param time of the records that are written */
    void moved(StateRecord before, Outcome.Changed changed, long time) {
        for (AttemptUsage usage :
                Billing.ended(before.state(), changed.after().state(), changed.effects(), prices)) {
            table.add(usage.row());
            context.forward(
                    new Record<>(usage.account().value(), Serdes.USAGE.serialize(usage), time), RouterTopology.USAGE_SINK);
        }
    }

    /** Forgets what is too old to be asked for. */
    void sweep(long now, int maxSteps) {
        table.sweep(LocalDate.ofInstant(Instant.ofEpochMilli(now).minus(Topics.USAGE_RETENTION), ZoneOffset.UTC), maxSteps);
    }
}
