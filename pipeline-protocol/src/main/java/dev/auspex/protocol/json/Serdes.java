package dev.auspex.protocol.json;

import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.replay.ReplayRecord;

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

    private Serdes() {}
}
