package dev.auspex.executor.kafka;

import dev.auspex.executor.domain.Pace;
import dev.auspex.executor.domain.Pace.Gear;
import dev.auspex.executor.domain.Retry;
import dev.auspex.executor.run.Attempt;
import dev.auspex.executor.run.LoadedModels;
import dev.auspex.executor.run.Seat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One slot: runs one job at a time. Its polling thread owns the share consumers, keeps the locks of what runs and
 * acknowledges what is done; its working thread runs models. {@link #run} is the polling thread's body; the other public
 * methods are for any thread.
 */
final class ShareSlot implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ShareSlot.class);
    /** Short, so that stopping needs no wake-up, which could strike an acknowledgement instead of a poll. */
    private static final Duration POLL = Duration.ofMillis(250);
    /** A job that ends sooner is not announced: its end tells everything, and three records are saved. */
    private static final long MOMENT_NANOS = Duration.ofMillis(3).toNanos();
    private static final long WATCH_NANOS = Duration.ofMillis(10).toNanos();
    /** The rest of a batch is given back when one job takes so long. What is given back goes once more through the router. */
    private static final long OVERDUE_NANOS = Duration.ofMillis(75).toNanos();
    /**
     * The rest of a batch is given back after so long even if every job of it is quick: others may be free. No sooner, since
     * on a busy machine that makes more work than it saves.
     */
    private static final long BATCH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Retry RETRY = new Retry(Duration.ofSeconds(1), Duration.ofSeconds(15));

    /**
     * What slots of a class share.
     *
     * @param busy counts slots at work
     * @param lock of the group, used until the broker has told
     * @param turn who waits for jobs
     * @param pace what the class's jobs have been like
     */
    record Shared(AtomicInteger busy, Duration lock, PollTurn turn, Pace pace) {}

    private final String name;
    private final SlotConsumers consumers;
    private final JobTaker taker;
    private final WorkThread worker;
    private final Shared shared;
    private final LoadedModels models;
    private final PollTurn.Ticket turn;
    private final Pace pace;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile long stopAtNanos;
    private volatile @Nullable String problem = "not polling yet";
    private int failures;
    /** In which gear the last poll found nothing: a fetch of that consumer may still be under way. */
    private @Nullable Gear waited;

    ShareSlot(String name, SlotConsumers consumers, JobTaker taker, LoadedModels models, Shared shared) {
        this.name = name;
        this.consumers = consumers;
        this.taker = taker;
        this.models = models;
        this.worker = new WorkThread("work-" + name, models);
        this.shared = shared;
        this.turn = shared.turn().ticket();
        this.pace = shared.pace();
    }

    /** Why the slot takes no jobs; empty when it does. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** What it does now. */
    Seat seat() {
        Attempt attempt = taker.current();
        return new Seat(name, attempt == null ? null : Seat.Running.of(attempt), models.residents(), problem);
    }

    /** No more polls; what runs may end until then, and is handed back after. */
    void stop(long deadlineNanos) {
        stopAtNanos = deadlineNanos;
        stopping.countDown();
    }

    @Override
    public void run() {
        try {
            warmUp();
            while (!isStopping()) {
                try {
                    round();
                    failures = 0;
                } catch (RuntimeException e) {
                    recover(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            problem = "stopped";
            turn.pass();
            consumers.close();
            worker.close();
        }
    }

    // Before the first poll: another worker may have the model ready, and a job taken now would wait here.
    private void warmUp() throws InterruptedException {
        CountDownLatch warm = new CountDownLatch(1);
        problem = "slot " + name + " is setting up its models";
        worker.execute(() -> {
            models.warmUp();
            warm.countDown();
        });
        while (!isStopping() && !warm.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
            // asks again whether it is to stop
        }
        problem = "not polling yet";
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void recover(RuntimeException failure) throws InterruptedException {
        Duration pause = RETRY.after(++failures);
        problem = "slot " + name + " cannot take jobs: " + failure.getMessage();
        LOG.atError().addKeyValue("slot", name).addKeyValue("retry_after", pause).setCause(failure).log("slot failed");
        turn.pass();
        waited = null;
        consumers.close();
        boolean unused = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void round() throws InterruptedException {
        if (!consumers.canPoll()) {
            problem = "no broker can be reached";
            waited = null;
            turn.pass();
            boolean unused = stopping.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        Gear gear = gear();
        KafkaShareConsumer<String, byte[]> consumer = consumers.of(gear);
        if (!turn.take(POLL)) {
            problem = null;
            if (!dropIfCut() && models.isBehind()) {
                warmUp();
            }
            return;
        }
        long polledNanos = System.nanoTime();
        ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
        problem = null;
        if (!records.isEmpty()) {
            waited = null;
            work(consumer, gear, records, polledNanos);
        } else if (models.isBehind()) {
            waited = null;
            turn.pass();
            consumers.close(); // a fetch under way would lock a job that nobody takes meanwhile
            warmUp(); // nobody waits now; under load the jobs themselves say what is loaded
        } else if (!dropIfCut()) {
            // The turn is kept over polls that find nothing: a record that comes between two of them waits for nobody.
            waited = gear;
            boolean unused = pace.idleAt(System.nanoTime());
        }
    }

    // What a fetch brings that is still under way must find its consumer polled, or closed, which gives it back.
    private Gear gear() {
        boolean ready = consumers.batchReady(System.nanoTime());
        if (ready && pace.wantsBatches()) {
            pace.shiftUp();
            LOG.atDebug().addKeyValue("slot", name).log("taking quick jobs in batches");
        }
        Gear wanted = ready ? pace.gear() : Gear.SINGLE;
        if (waited == Gear.BATCH && wanted == Gear.SINGLE) {
            LOG.atDebug().addKeyValue("slot", name).log("taking jobs one by one again");
            waited = null;
            consumers.reopenBatch();
        }
        return waited == Gear.SINGLE ? Gear.SINGLE : wanted;
    }

    private boolean dropIfCut() {
        if (!consumers.isCut(System.nanoTime())) {
            return false;
        }
        LOG.atWarn().addKeyValue("slot", name).log("no broker: beginning anew when one is back");
        turn.pass();
        waited = null;
        consumers.drop();
        return true;
    }

    private void work(
            KafkaShareConsumer<String, byte[]> consumer,
            Gear gear,
            ConsumerRecords<String, byte[]> records,
            long polledNanos)
            throws InterruptedException {
        JobBatch batch = new JobBatch(records);
        Duration lock = consumer.acquisitionLockTimeoutMs().map(Duration::ofMillis).orElse(shared.lock());
        BatchKeeper keeper = new BatchKeeper(name, consumer, batch, taker, new BatchKeeper.Locks(polledNanos, lock));
        boolean single = gear == Gear.SINGLE;
        if (single) {
            turn.pass();
        }
        shared.busy().incrementAndGet();
        try {
            long begun = System.nanoTime();
            worker.execute(() -> taker.runAll(batch, single));
            if (await(batch, keeper, single, lock)) {
                // With the next poll of the same consumer they need no request of their own.
                List<Long> ranNanos = keeper.finish(turn.isMine());
                long share = (System.nanoTime() - begun) / Math.max(1, ranNanos.size());
                ranNanos.forEach(nanos -> pace.ran(nanos, share));
            } else {
                keeper.abandon();
            }
        } finally {
            shared.busy().decrementAndGet();
        }
    }

    // A batch that is over in a moment is followed by the slot's own next poll; for a longer one nobody is to wait.
    /** @return whether the batch has ended; else the slot must */
    private boolean await(JobBatch batch, BatchKeeper keeper, boolean single, Duration lock) throws InterruptedException {
        long step = single ? MOMENT_NANOS : WATCH_NANOS;
        boolean slow = single;
        boolean announced = false;
        while (!batch.awaitEnd(step)) {
            turn.pass();
            long now = System.nanoTime();
            if (consumers.isCut(now, lock)) {
                LOG.atWarn().addKeyValue("slot", name).log("no broker for the time of a lock: what runs goes on without one");
                keeper.letGo();
                consumers.drop();
            }
            if (!slow && isOverdue(batch, now)) {
                slow = true;
                pace.shiftDown();
                LOG.atDebug()
                        .addKeyValue("slot", name)
                        .addKeyValue("given_back", keeper.giveBackWaiting())
                        .log("slow job among quick ones: taking jobs one by one again");
            }
            if (slow && !announced) {
                announced = announceCurrent();
            }
            if (slow) {
                long most = Math.min(POLL.toNanos(), keeper.restNanos());
                step = announced ? most : Math.min(2 * step, most);
            }
            if (isStopping()) {
                int unused = keeper.giveBackWaiting();
                if (now - stopAtNanos >= 0 || keeper.isStuck()) {
                    return false;
                }
            }
            // Without a broker a renewal would only wait, and the consumer would try again and again meanwhile.
            if (!consumers.isCut(now)) {
                keeper.keep();
            }
        }
        return true;
    }

    /** @return whether there was an attempt to announce */
    private boolean announceCurrent() {
        Attempt attempt = taker.current();
        if (attempt != null) {
            taker.announce(attempt);
        }
        return attempt != null;
    }

    /** Something in the batch takes long: nothing may wait behind it. */
    private static boolean isOverdue(JobBatch batch, long now) {
        return batch.runningNanos(now) > OVERDUE_NANOS || batch.ageNanos(now) > BATCH_NANOS;
    }
}
