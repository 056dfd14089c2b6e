package dev.auspex.executor.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.executor.journal.Entry;
import dev.auspex.executor.journal.Journal;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import java.time.Clock;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the ends of attempts whose models did not stop and whose process left because of it: now that the process is
 * gone, they are true. For the executor's lifecycle thread.
 */
public final class LeftOver {

    private static final Logger LOG = LoggerFactory.getLogger(LeftOver.class);
    private static final String NOTE = "[the model did not stop when it was told to; its process was ended]\n";

    private LeftOver() {}

    /**
     * Reports all, and returns when Kafka has them.
     *
     * @param executor this process
     */
    public static void report(Journal journal, EventSink sink, ExecutorId executor, Clock clock)
            throws InterruptedException {
        for (Journal.Unfinished one : journal.unstopped()) {
            Entry entry = one.entry();
            try {
                sink.send(new AttemptEvent(
                                entry.prediction(), entry.account(), entry.attempt(), executor, clock.instant(),
                                end(one), entry.number()))
                        .get();
                journal.reported(one);
                LOG.atInfo()
                        .addKeyValue("prediction", entry.prediction())
                        .addKeyValue("attempt", entry.attempt())
                        .addKeyValue("state", one.state())
                        .log("reported the end of an attempt of the process before");
            } catch (ExecutionException | EventSink.EventTooLargeException e) {
                LOG.atWarn().addKeyValue("prediction", entry.prediction()).setCause(e).log("end not reported");
            }
        }
    }

    private static AttemptEvent.Body end(Journal.Unfinished one) {
        ObjectNode metrics = Json.object();
        return one.state() == Entry.State.OVERDUE
                ? new AttemptEvent.Failed(
                        "the prediction ran longer than it may", null, NOTE, metrics, one.entry().since(), false, false)
                : new AttemptEvent.Canceled(null, NOTE, metrics, one.entry().since());
    }
}
