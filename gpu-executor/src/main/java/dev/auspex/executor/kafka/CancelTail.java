package dev.auspex.executor.kafka;

import dev.auspex.executor.domain.CanceledPredictions;
import dev.auspex.executor.run.RunningJobs;
import dev.auspex.protocol.command.Command;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.kafka.TopicTail;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the commands topic from its beginning, so that no canceled prediction starts, not even one canceled before this
 * process lived. A tail that ends with an error is begun again. Safe for any thread.
 */
public final class CancelTail {

    private static final Logger LOG = LoggerFactory.getLogger(CancelTail.class);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);

    private final KafkaClients kafka;
    private final Topics topics;
    private final String clientId;
    private final CanceledPredictions canceled;
    private final RunningJobs running;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Executor later = CompletableFuture.delayedExecutor(AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    private @Nullable TopicTail tail;
    private boolean stopped;

    /** @param running whose attempts are told to stop */
    public CancelTail(
            KafkaClients kafka, Topics topics, String clientId, CanceledPredictions canceled, RunningJobs running) {
        this.kafka = kafka;
        this.topics = topics;
        this.clientId = clientId;
        this.canceled = canceled;
        this.running = running;
    }

    /** Begins to read. */
    public synchronized void start() {
        if (stopped) {
            return;
        }
        TopicTail begun = new TopicTail(
                kafka.consumer(clientId, Map.of()),
                topics.commands(),
                topics.settings().partitions(),
                TopicTail.From.BEGINNING,
                this::handle);
        begun.caughtUp().thenRun(caughtUp::countDown);
        begun.ended().whenComplete((unused, failure) -> {
            if (failure != null) {
                LOG.atWarn().setCause(failure).log("reading commands ended; beginning again");
                later.execute(this::start);
            }
        });
        tail = begun;
        begun.start();
    }

    /** Waits until every command that was there at the start has been read. @return whether that is so */
    public boolean awaitCaughtUp(Duration limit) throws InterruptedException {
        return caughtUp.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Why cancellations may be missed; empty when they are not. */
    public List<String> problems() {
        return caughtUp.getCount() == 0 ? List.of() : List.of("still reading the commands topic");
    }

    /** Ends. */
    public void stop(Duration limit) throws InterruptedException {
        TopicTail last;
        synchronized (this) {
            stopped = true;
            last = tail;
        }
        if (last != null) {
            last.stop(limit);
        }
    }

    private void handle(ConsumerRecord<String, byte[]> record) {
        switch (Serdes.COMMAND.deserialize(record.value())) {
            case Command.CancelPrediction cancel -> {
                canceled.add(cancel.prediction(), cancel.account());
                running.cancel(cancel.prediction(), cancel.account());
            }
            case Command.RegisterModel register -> {
                // for the router
            }
            case Command.ClaimKey claim -> {
                // for the router
            }
            case Command.ReleaseDeployment release -> {
                // for the router
            }
            case Command.DeleteDeployment delete -> {
                // for the router
            }
            case Command.ChangeModel change -> {
                // for the router
            }
            case Command.DeleteVersion delete -> {
                // for the router
            }
            case Command.DeleteModel delete -> {
                // for the router
            }
        }
    }
}
