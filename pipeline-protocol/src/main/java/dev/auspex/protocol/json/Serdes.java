package dev.auspex.protocol.json;

import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.access.AccessRecord;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.replay.ReplayRecord;
import dev.auspex.protocol.usage.AttemptUsage;
import dev.auspex.protocol.worker.WorkerStatus;

/** The serdes of the topics' values. The {@code predictions} topic holds {@link PredictionJson} bytes as they are. */
public final class Serdes {

    /** {@code jobs.<class>} */
    public static final JsonSerde<Job> JOB = new JsonSerde<>(Job.class);
    /** {@code events} */
    public static final JsonSerde<AttemptEvent> EVENT = new JsonSerde<>(AttemptEvent.class);
    /** {@code commands} */
    public static final JsonSerde<Command> COMMAND = new JsonSerde<>(Command.class);
    /** {@code jobs.dead}, as far as the router writes it */
    public static final JsonSerde<DeadJob> DEAD_JOB = new JsonSerde<>(DeadJob.class);
    /** {@code catalog} */
    public static final JsonSerde<Model> MODEL = new JsonSerde<>(Model.class);
    /** {@code deployments} */
    public static final JsonSerde<Deployment> DEPLOYMENT = new JsonSerde<>(Deployment.class);

    /** {@code replays} */
    public static final JsonSerde<ReplayRecord> REPLAY = new JsonSerde<>(ReplayRecord.class);

    /** {@code usage} */
    public static final JsonSerde<AttemptUsage> USAGE = new JsonSerde<>(AttemptUsage.class);

    /** {@code access} */
    public static final JsonSerde<AccessRecord> ACCESS = new JsonSerde<>(AccessRecord.class);

    /** {@code workers} */
    public static final JsonSerde<WorkerStatus> WORKER = new JsonSerde<>(WorkerStatus.class);

    private Serdes() {}
}
