package dev.auspex.router.kafka;

import dev.auspex.protocol.Job;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.topic.SnapshotHeaders;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.domain.Phase;
import dev.auspex.router.domain.PredictionInput;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the records of one partition into states and snapshots. What a record means is worked out first, where anything
 * wrong with it only loses that record; storing and sending come after, where a failure stops the task and Kafka's
 * transaction undoes both. One thread, the task's.
 */
final class PredictionProcessor implements Processor<String, byte[], String, byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(PredictionProcessor.class);
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(2);
    private static final int SWEEP_STEPS = 2_000;
    private static final Duration USAGE_SWEEP_INTERVAL = Duration.ofMinutes(10);
    private static final Duration TICK = LowWindow.PERIOD;
    private static final long SCAN_NANOS = Duration.ofMillis(5).toNanos();
    private static final int MAX_TIMERS = 500;

    private final Topics topics;
    private final List<String> queues;
    private final RouterTopology.Parts parts;
    private ProcessorContext<String, byte[]> context;
    private StateTable table;
    private CatalogKeeper catalog;
    private ClaimTable claims;
    private DeploymentKeeper deployments;
    private JobsProgress progress;
    private TimerTable timers;
    private SilenceWatch silence;
    private TaskTime time;
    private Queues jobs;
    private UsageKeeper usage;
    private QueueTally queued;
    private DeploymentGate gate;
    private LowLane low;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    PredictionProcessor(Topics topics, RouterTopology.Parts parts) {
        this.topics = topics;
        this.queues = topics.allQueues();
        this.parts = parts;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> newContext) {
        context = newContext;
        table = new StateTable(context.getStateStore(RouterTopology.PREDICTIONS));
        catalog = new CatalogKeeper(context.getStateStore(RouterTopology.MODELS));
        claims = new ClaimTable(context.getStateStore(RouterTopology.CLAIMS));
        timers = new TimerTable(context.getStateStore(RouterTopology.TIMERS));
        silence = new SilenceWatch(parts.rules().silence());
        time = new TaskTime(context.currentSystemTimeMs());
        jobs = new Queues(context, topics, parts.meters());
        queued = new QueueTally(context.getStateStore(RouterTopology.QUEUED));
        usage = new UsageKeeper(context, parts.rules().prices());
        deployments = new DeploymentKeeper(context.getStateStore(RouterTopology.DEPLOYMENTS));
        gate = new DeploymentGate(
                context.getStateStore(RouterTopology.GATES), context.getStateStore(RouterTopology.DEPLOYMENTS),
                this::release);
        low = new LowLane(
                context.getStateStore(RouterTopology.GATES), parts.windows()::of, this::release, System::nanoTime);
        progress = parts.readIndex().assigned(context.taskId().partition());
        RetentionSweep sweep = new RetentionSweep(
                table, topics.settings().retention(), SWEEP_STEPS, this::left);
        context.schedule(
                SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> sweep.run(Instant.ofEpochMilli(now)));
        DataSweep data = new DataSweep(table.store(), parts.rules().data(), SWEEP_STEPS);
        context.schedule(
                SWEEP_INTERVAL,
                PunctuationType.WALL_CLOCK_TIME,
                now -> data.run(Instant.ofEpochMilli(now), expired -> apply(expired, now)));
        context.schedule(
                ClaimTable.SWEEP_INTERVAL,
                PunctuationType.WALL_CLOCK_TIME,
                now -> claims.sweep(Instant.ofEpochMilli(now).minus(ClaimTable.SWEEP_DELAY), SWEEP_STEPS));
        context.schedule(
                USAGE_SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> usage.sweep(now, SWEEP_STEPS));
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        time.read(record.timestamp(), context.currentSystemTimeMs());
        RecordMetadata origin = context.recordMetadata().orElseThrow();
        String topic = origin.topic();
        int queue = queues.indexOf(topic);
        try {
            if (topic.equals(topics.heldJobs())) {
                held(RecordReader.job(record.key(), record.value()), record.timestamp());
            } else if (queue >= 0) {
                apply(RecordReader.job(record.key(), record.value()), record.timestamp());
            } else if (topic.equals(topics.events())) {
                apply(RecordReader.event(record.key(), record.value()), record.timestamp());
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
        if (queue >= 0) {
            progress.processed(queue, origin.offset());
        }
    }

    @Override
    public void close() {
        low.close();
    }

    private void held(Parsed job, long timestamp) {
        boolean isNew = table.get(job.key()).state().phase() == Phase.UNSEEN;
        apply(job, timestamp);
        boolean waits = table.get(job.key()).state().phase() == Phase.QUEUED;
        if (isNew && waits && job.input() instanceof PredictionInput.JobAccepted(Job accepted)) {
            if (LowLane.isMine(accepted)) {
                low.arrived(accepted);
            } else {
                gate.arrived(accepted);
            }
        }
    }

    private boolean release(Parsed parsed) {
        boolean waits = table.get(parsed.key()).state().phase() == Phase.QUEUED;
        if (waits) {
            apply(parsed, context.currentSystemTimeMs());
        }
        return waits;
    }

    private void left(byte[] stored) {
        queued.left(stored);
        gate.left(stored);
        low.left(stored);
    }

    private void command(Command command, Record<String, byte[]> record) {
        switch (command) {
            case Command.CancelPrediction cancel -> apply(RecordReader.cancel(cancel), record.timestamp());
            case Command.RegisterModel register ->
                    catalog.register(register.registration(), Instant.ofEpochMilli(record.timestamp()))
                            .ifPresent(model -> publishModel(record, model));
            case Command.ChangeModel change -> catalog.change(change).ifPresent(model -> publishModel(record, model));
            case Command.DeleteVersion delete -> catalog.delete(delete).ifPresent(model -> publishModel(record, model));
            case Command.DeleteModel delete -> {
                if (catalog.delete(delete)) {
                    publishModel(record, null);
                }
            }
            // Told before the transaction is committed: should it be repeated, the same claim is the first again.
            case Command.ClaimKey claim -> parts.claims().decided(claims.claim(claim));
            case Command.ReleaseDeployment release ->
                    deployments.release(release).ifPresent(made -> {
                        publish(release.key(), made, record.timestamp());
                        gate.admit(release.deployment());
                    });
            case Command.DeleteDeployment delete -> {
                deployments.delete(delete.deployment());
                publish(delete.key(), null, record.timestamp());
                gate.admit(delete.deployment());
            }
        }
    }

    private void publishModel(Record<String, byte[]> command, byte @Nullable [] model) {
        context.forward(command.withValue(model).withHeaders(new RecordHeaders()), RouterTopology.CATALOG_SINK);
    }

    // What happens because of time. Not while the task is behind: what it has not read yet may have prevented it.
    private void tick(long now) {
        time.passes(now);
        long scanBegin = System.nanoTime();
        boolean more;
        do {
            more = silence.scan(table.store(), time.heardUntil(now));
        } while (more && System.nanoTime() - scanBegin < SCAN_NANOS);
        if (!time.isCurrent(now)) {
            return;
        }
        low.tick();
        for (TimerTable.Timer timer : timers.due(now, MAX_TIMERS)) {
            String key = timer.prediction();
            apply(Parsed.of(key, new PredictionInput.TimerFired(Instant.ofEpochMilli(now))), now);
            timers.fired(timer, table.get(key).state());
        }
        for (SilenceWatch.Silent silent : silence.silent(time.heardUntil(now))) {
            String key = silent.prediction();
            apply(Parsed.of(key, new PredictionInput.AttemptSilent(silent.attempt(), Instant.ofEpochMilli(now))), now);
            silence.forget(key);
        }
    }

    private void publish(String deployment, byte @Nullable [] value, long timestamp) {
        context.forward(new Record<>(deployment, value, timestamp), RouterTopology.DEPLOYMENT_SINK);
    }

    private void apply(Parsed parsed, long timestamp) {
        String key = parsed.key();
        StateRecord before = table.get(key);
        PredictionState after = before.state();
        switch (PredictionFold.fold(before, parsed, parts.rules().retries())) {
            case Outcome.Changed changed -> {
                after = changed.after().state();
                table.put(key, changed.after(), changed.stored());
                timers.moved(key, before.state(), after);
                changed.snapshots().forEach(rendered -> publish(rendered, timestamp));
                changed.effects().forEach(effect -> jobs.send(effect, timestamp));
                usage.moved(before, changed, timestamp);
                queued.moved(before.state(), after);
                gate.moved(before.state(), after);
                low.moved(before.state(), after);
                LOG.atDebug()
                        .addKeyValue("prediction", parsed.id())
                        .addKeyValue("from", before.state().phase())
                        .addKeyValue("to", after.phase())
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
        silence.heard(key, parsed.input(), after, time.heardUntil(context.currentSystemTimeMs()));
    }

    private void publish(Rendered rendered, long timestamp) {
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
                new Record<>(state.job().id().value(), rendered.json(), timestamp, headers),
                RouterTopology.SNAPSHOT_SINK);
        if (rendered.snapshot().change() == WebhookEvent.COMPLETED) {
            parts.meters().completed(state);
            parts.waiters().completed(state.job().account(), state.job().id(), () -> new PredictionView(
                    state.job().id(), rendered.json(), state.status(), state.sequence(), state.attempts().current()));
        }
    }
}
