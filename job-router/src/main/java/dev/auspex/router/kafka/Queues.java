package dev.auspex.router.kafka;

import dev.auspex.protocol.DeadJob;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.domain.Decision.Effect;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts jobs into their queue again or aside, in the task's transaction. One thread, the task's. */
final class Queues {

    private static final Logger LOG = LoggerFactory.getLogger(Queues.class);

    private final ProcessorContext<String, byte[]> context;
    private final Topics topics;
    private final RouterMeters meters;

    Queues(ProcessorContext<String, byte[]> context, Topics topics, RouterMeters meters) {
        this.context = context;
        this.topics = topics;
        this.meters = meters;
    }

    /** @param time of the record that is written */
    void send(Effect effect, long time) {
        switch (effect) {
            case Effect.Requeue(Job job) -> requeue(job, time);
            case Effect.Bury(DeadJob dead) -> {
                meters.buried();
                LOG.atWarn()
                        .addKeyValue("prediction", dead.job().id())
                        .addKeyValue("model", dead.job().model())
                        .addKeyValue("cause", dead.cause())
                        .log("job moved to the dead jobs");
                context.forward(
                        new Record<>(dead.job().id().value(), Serdes.DEAD_JOB.serialize(dead), time),
                        RouterTopology.DEAD_SINK);
            }
        }
    }

    private void requeue(Job job, long time) {
        if (!topics.settings().hardware().contains(job.hardware())) {
            // The class was taken out of the settings while its jobs were under way.
            LOG.atError()
                    .addKeyValue("prediction", job.id())
                    .addKeyValue("hardware", job.hardware())
                    .log("job of an unknown hardware class cannot be queued again: add the class to hardware.classes");
            return;
        }
        meters.requeued();
        LOG.atInfo()
                .addKeyValue("prediction", job.id())
                .addKeyValue("round", job.attempt())
                .log("job queued again");
        context.forward(
                new Record<>(job.id().value(), Serdes.JOB.serialize(job), time),
                RouterTopology.retrySink(job.hardware()));
    }
}
