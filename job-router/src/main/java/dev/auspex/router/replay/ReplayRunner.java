package dev.auspex.router.replay;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.replay.ReplayCounts;
import dev.auspex.protocol.replay.ReplayPosition;
import dev.auspex.protocol.replay.ReplayRecord;
import dev.auspex.protocol.topic.ReplayHeaders;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.metrics.Metric;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one replay, from wherever it stands to its end. Jobs and the progress that counts them are committed in one
 * transaction, under a transactional id made of the replay's: a second runner of the same replay shuts out the first, and
 * goes on exactly where that one's last commit ended, on this machine or another. Runs on a thread of its own.
 */
final class ReplayRunner implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayRunner.class);
    /** A transaction stays open no longer than this: the retries that others commit wait behind it. */
    private static final Duration TRANSACTION = Duration.ofMillis(500);
    /** When the broker aborts a transaction whose runner is gone. */
    private static final Duration ABANDONED = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(100);

    private final ServiceContext context;
    private final ReplayLog log;
    private final ReplaySource source;
    private final Catalogue catalogue;
    private final PredictionId id;
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** As last committed; only the runner's thread touches it. */
    private @Nullable Replay committed;

    /** @param catalogue has been read to its end */
    ReplayRunner(ServiceContext context, ReplayLog log, ReplaySource source, Catalogue catalogue, PredictionId id) {
        this.context = context;
        this.log = log;
        this.source = source;
        this.catalogue = catalogue;
        this.id = id;
    }

    /** Leaves off after the transaction under way. */
    void stop() {
        stopped.countDown();
    }

    /** Returns when the replay has ended, was stopped, or goes on elsewhere. @throws KafkaException to be tried again */
    @Override
    public void run() {
        try (KafkaProducer<String, byte[]> producer = producer()) {
            producer.initTransactions();
            // From here on nobody else can commit for this replay; what was committed before is read first.
            await(log);
            Replay found = log.find(id).orElse(null);
            if (found != null && !found.status().isTerminal()) {
                carryOut(found, producer);
            }
        } catch (KafkaException e) {
            if (!isShutOut(e)) {
                throw e;
            }
            LOG.atInfo().addKeyValue("replay", id).log("replay goes on elsewhere");
        }
    }

    // The producer wraps it when it is told in the middle of something else.
    private static boolean isShutOut(@Nullable Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ProducerFencedException || each instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    private void carryOut(Replay found, KafkaProducer<String, byte[]> producer) {
        committed = found;
        try {
            Replay begun = found;
            if (found.status() == PredictionStatus.STARTING && !log.isCancelRequested(id)) {
                begun = found.begun(source.range(found.request().spec().filter()), now());
                commit(begun, producer);
                logged(begun, "replay began");
            }
            submitAll(begun, producer);
        } catch (ReplayRefusedException e) {
            end(PredictionStatus.FAILED, e.getMessage(), producer);
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("replay", id).setCause(e).log("replay failed");
            end(PredictionStatus.FAILED, "an internal error; the router's log has it", producer);
        }
    }

    private void submitAll(Replay begun, KafkaProducer<String, byte[]> producer) {
        Survey survey = Survey.of(
                begun.request(), source, begun.positions(), () -> isStopped() || log.isCancelRequested(id));
        JobRebuild rebuild = new JobRebuild(begun.request(), catalogue, context.topics(), context.secret());
        Picker picker = new Picker(begun.request(), survey, rebuild, source.dead());
        Pace pace = new Pace(begun.request().spec().rate(), System.nanoTime());
        Replay replay = begun;
        try (RangeReader reader = source.rest(begun.positions())) {
            Work work = new Work(reader, picker, producer);
            while (!isStopped()) {
                if (log.isCancelRequested(id)) {
                    end(PredictionStatus.CANCELED, null, producer);
                    return;
                }
                refuseIfTooOld(replay);
                if (pause(pace)) {
                    replay = submitSome(replay, work, pace);
                }
                if (replay.status().isTerminal()) {
                    logged(replay, "replay ended");
                    return;
                }
            }
        }
    }

    private record Work(RangeReader reader, Picker picker, KafkaProducer<String, byte[]> producer) {}

    // One transaction.
    private Replay submitSome(Replay before, Work work, Pace pace) {
        long begin = System.nanoTime();
        work.producer().beginTransaction();
        Replay after;
        try {
            after = fill(before, work, pace.batch(), begin);
        } catch (KafkaException e) {
            throw e; // the producer is of no use any more; closing it ends the transaction
        } catch (RuntimeException e) {
            work.producer().abortTransaction();
            throw e;
        }
        work.producer().send(ReplayLog.record(context.topics(), new ReplayRecord.Progressed(after)));
        work.producer().commitTransaction();
        committed = after;
        count(before.counts(), after.counts());
        pace.submitted((int) (after.counts().submitted() - before.counts().submitted()), begin);
        return after;
    }

    private void count(ReplayCounts before, ReplayCounts after) {
        counter("submitted").increment(after.submitted() - before.submitted());
        after.skipped().forEach((reason, count) ->
                counter(reason.wireName()).increment(count - before.skipped().getOrDefault(reason, 0L)));
    }

    private Counter counter(String outcome) {
        return Metric.REPLAY_PREDICTIONS.counter(context.metrics(), outcome);
    }

    // Reads on until the transaction is full, has lasted long enough, or everything has been read.
    private Replay fill(Replay before, Work work, int most, long begin) {
        Tally tally = new Tally(before.counts());
        int jobs = 0;
        while (jobs < most && !work.reader().isDone() && System.nanoTime() - begin < TRANSACTION.toNanos()) {
            ConsumerRecord<String, byte[]> record = work.reader().next();
            Candidate candidate = record == null ? null : work.picker().candidate(record);
            if (candidate != null) {
                Verdict verdict = work.picker().judge(candidate, now());
                tally.count(verdict);
                if (verdict instanceof Verdict.Taken taken) {
                    send(taken, work);
                    jobs++;
                }
            }
        }
        List<ReplayPosition> positions = before.positions().stream()
                .map(each -> each.at(work.reader().position(source.partition(each))))
                .toList();
        Replay after = before.advanced(tally.counts(), positions);
        return work.reader().isDone() ? after.ended(PredictionStatus.SUCCEEDED, now(), null) : after;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit fails if it does
    private void send(Verdict.Taken taken, Work work) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(taken.queue(), taken.job().id().value(), taken.value());
        ReplayHeaders.write(taken.job().account(), taken.origin(), record.headers());
        work.producer().send(record);
        PredictionId original = taken.origin().prediction();
        if (work.picker().isDead(original)) {
            // The letter is kept for longer than the job: it has to be known for as long that it was submitted again.
            ProducerRecord<String, byte[]> mark = new ProducerRecord<>(source.dead().name(), original.value(), null);
            ReplayHeaders.write(taken.job().account(), taken.origin(), mark.headers());
            work.producer().send(mark);
        }
    }

    private void end(PredictionStatus status, @Nullable String why, KafkaProducer<String, byte[]> producer) {
        Replay last = Objects.requireNonNull(committed);
        Replay ended = last.ended(status, now(), why);
        commit(ended, producer);
        logged(ended, "replay ended");
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit fails if it does
    private void commit(Replay replay, KafkaProducer<String, byte[]> producer) {
        producer.beginTransaction();
        producer.send(ReplayLog.record(context.topics(), new ReplayRecord.Progressed(replay)));
        producer.commitTransaction();
        committed = replay;
    }

    // Waits for at most a moment, so that a cancel is heard. Returns whether the pause is over.
    private boolean pause(Pace pace) {
        Duration pause = pace.pause(System.nanoTime());
        if (!pause.isPositive()) {
            return true;
        }
        try {
            Duration moment = pause.compareTo(STEP) < 0 ? pause : STEP;
            return !stopped.await(moment.toNanos(), TimeUnit.NANOSECONDS) && pause.compareTo(STEP) <= 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
            return false;
        }
    }

    // The ids of new predictions carry the replay's time, and the router forgets predictions by the time of their ids.
    private void refuseIfTooOld(Replay replay) {
        Duration limit = context.topics().settings().retention().dividedBy(2);
        if (replay.request().createdAt().plus(limit).isBefore(now())) {
            throw new ReplayRefusedException("it has taken longer than half the topics' retention; a new replay with the "
                    + "same filter goes on with what is left");
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private Instant now() {
        return context.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static void await(ReplayLog log) {
        try {
            log.fresh().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the replays cannot be read", e);
        } catch (InterruptedException e) {
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }

    private KafkaProducer<String, byte[]> producer() {
        Topics topics = context.topics();
        return context.kafka().producer("router-replay-" + id, Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.group("replay." + id),
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) ABANDONED.toMillis(),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) ABANDONED.toMillis(),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ABANDONED.dividedBy(2).toMillis(),
                ProducerConfig.LINGER_MS_CONFIG, 5,
                ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10,
                ProducerConfig.BUFFER_MEMORY_CONFIG, 32L << 20,
                // A new transaction meets the marks of the one before: try again soon.
                ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5));
    }

    private static void logged(Replay replay, String what) {
        LOG.atInfo()
                .addKeyValue("replay", replay.request().id())
                .addKeyValue("account", replay.request().account())
                .addKeyValue("status", replay.status())
                .addKeyValue("scanned", replay.counts().scanned())
                .addKeyValue("submitted", replay.counts().submitted())
                .log(what);
    }
}
