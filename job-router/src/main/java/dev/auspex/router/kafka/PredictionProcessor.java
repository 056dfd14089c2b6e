package dev.auspex.router.kafka;

import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.kafka.PredictionFold.Outcome;
import dev.auspex.router.kafka.PredictionFold.Rendered;
import dev.auspex.router.query.PredictionView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the records of one partition into states and snapshots. What a record means is worked out first, where anything
 * wrong with it only loses that record; storing and sending come after, where a failure stops the task and Kafka's
 * transaction undoes both. One thread, the task's.
 */
final class PredictionProcessor implements Processor<String, byte[], String, byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(PredictionProcessor.class);
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);
    private static final int SWEEP_STEPS = 2_000;

    private final Topics topics;
    private final List<String> jobTopics;
    private final RouterTopology.Parts parts;
    private ProcessorContext<String, byte[]> context;
    private StateTable table;
    private CatalogKeeper catalog;
    private ClaimTable claims;
    private JobsProgress progress;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    PredictionProcessor(Topics topics, RouterTopology.Parts parts) {
        this.topics = topics;
        this.jobTopics = topics.allJobs();
        this.parts = parts;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> newContext) {
        context = newContext;
        table = new StateTable(context.getStateStore(RouterTopology.PREDICTIONS));
        catalog = new CatalogKeeper(context.getStateStore(RouterTopology.MODELS));
        claims = new ClaimTable(context.getStateStore(RouterTopology.CLAIMS));
        progress = parts.readIndex().assigned(context.taskId().partition());
        RetentionSweep sweep = new RetentionSweep(table, topics.settings().retention(), SWEEP_STEPS);
        context.schedule(
                SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> sweep.run(Instant.ofEpochMilli(now)));
        context.schedule(
                ClaimTable.SWEEP_INTERVAL,
                PunctuationType.WALL_CLOCK_TIME,
                now -> claims.sweep(Instant.ofEpochMilli(now).minus(ClaimTable.SWEEP_DELAY), SWEEP_STEPS));
    }

    @Override
    public void process(Record<String, byte[]> record) {
        RecordMetadata origin = context.recordMetadata().orElseThrow();
        String topic = origin.topic();
        int jobTopic = jobTopics.indexOf(topic);
        try {
            if (jobTopic >= 0) {
                apply(RecordReader.job(record.key(), record.value()), record);
            } else if (topic.equals(topics.events())) {
                apply(RecordReader.event(record.key(), record.value()), record);
            } else {
                command(RecordReader.command(record.key(), record.value()), record);
            }
        } catch (SerializationException e) {
            parts.meters().unreadable();
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("partition", origin.partition())
                    .addKeyValue("offset", origin.offset())
                    .addKeyValue("cause", e.getMessage())
                    .log("record skipped");
        }
        if (jobTopic >= 0) {
            progress.processed(jobTopic, origin.offset());
        }
    }

    private void command(Command command, Record<String, byte[]> record) {
        switch (command) {
            case Command.CancelPrediction cancel -> apply(RecordReader.cancel(cancel), record);
            case Command.RegisterModel register ->
                    catalog.register(register.registration(), Instant.ofEpochMilli(record.timestamp()))
                            .ifPresent(model -> context.forward(
                                    record.withValue(model).withHeaders(new RecordHeaders()), RouterTopology.CATALOG_SINK));
            // Told before the transaction is committed: should it be repeated, the same claim is the first again.
            case Command.ClaimKey claim -> parts.claims().decided(claims.claim(claim));
        }
    }

    private void apply(Parsed parsed, Record<String, byte[]> record) {
        String key = parsed.key();
        StateRecord before = table.get(key);
        switch (PredictionFold.fold(before, parsed)) {
            case Outcome.Changed changed -> {
                table.put(key, changed.after(), changed.stored());
                changed.snapshots().forEach(rendered -> publish(rendered, record));
                LOG.atDebug()
                        .addKeyValue("prediction", parsed.id())
                        .addKeyValue("from", before.state().phase())
                        .addKeyValue("to", changed.after().state().phase())
                        .log("moved");
            }
            case Outcome.Dropped dropped -> {
                parts.meters().dropped(dropped.reason());
                LOG.atDebug()
                        .addKeyValue("prediction", parsed.id())
                        .addKeyValue("phase", before.state().phase())
                        .addKeyValue("reason", dropped.reason())
                        .log("not applied");
            }
            case Outcome.Unchanged ignored -> {}
        }
    }

    private void publish(Rendered rendered, Record<String, byte[]> cause) {
        PredictionState.Known state = rendered.snapshot().state();
        Headers headers = new RecordHeaders();
        new SnapshotHeaders(
                        state.job().account(),
                        state.sequence(),
                        rendered.snapshot().change(),
                        state.status(),
                        state.attempts().current(),
                        state.job().webhook(),
                        state.job().hardware(),
                        state.job().replayOf())
                .writeTo(headers);
        context.forward(
                new Record<>(state.job().id().value(), rendered.json(), cause.timestamp(), headers),
                RouterTopology.SNAPSHOT_SINK);
        if (rendered.snapshot().change() == WebhookEvent.COMPLETED) {
            parts.meters().completed(state);
            parts.waiters().completed(state.job().account(), state.job().id(), () -> new PredictionView(
                    state.job().id(), rendered.json(), state.status(), state.sequence(), state.attempts().current()));
        }
    }
}
