package dev.auspex.executor.kafka;

import dev.auspex.executor.domain.Pace;
import dev.auspex.executor.journal.Journal;
import dev.auspex.executor.run.JobRunner;
import dev.auspex.executor.run.LoadedModels;
import dev.auspex.executor.run.Seat;
import dev.auspex.executor.run.Workplace;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.metrics.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The slots of one hardware class. Methods are for the executor's lifecycle thread, {@link #problems} for any. */
public final class SlotGroup {

    /** Records of a batch in the gear for quick jobs. Quicker than 32 in the one run that compared them; larger is unmeasured. */
    public static final int BATCH = 64;

    private static final Logger LOG = LoggerFactory.getLogger(SlotGroup.class);
    private static final Duration CAUGHT_UP_CHECK = Duration.ofMillis(250);

    /**
     * Kafka as slots see it.
     *
     * @param clients makes clients
     * @param topics names
     * @param events the executor's producer
     * @param clientId begins every client's id
     */
    public record Kafka(KafkaClients clients, Topics topics, KafkaEvents events, String clientId) {}

    /**
     * How many slots and how they behave.
     *
     * @param hardware the class
     * @param slots how many jobs at once
     * @param lock how long a silent worker keeps its job
     * @param batch the most records of a batch; 1 for none
     */
    public record Shape(HardwareClass hardware, int slots, Duration lock, int batch) {}

    /**
     * What runs in the slots.
     *
     * @param runner runs jobs
     * @param models makes the models of one slot
     * @param journal has a cell for each slot
     * @param reporter tells Kafka what polling threads must not wait for
     */
    public record Work(JobRunner runner, Supplier<LoadedModels> models, Journal journal, Executor reporter) {}

    private final Shape shape;
    private final List<ShareSlot> slots = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger busy = new AtomicInteger();
    private volatile boolean stopping;

    /** @param settings of the group, already applied */
    public SlotGroup(Kafka kafka, Shape shape, GroupSettings settings, Work work) {
        this.shape = shape;
        Topics topics = kafka.topics();
        PollTurn turn = settings.everyPartition() ? PollTurn.ofOne() : PollTurn.ofAll(shape.slots());
        ShareSlot.Shared shared = new ShareSlot.Shared(busy, shape.lock(), turn, new Pace());
        for (int i = 0; i < shape.slots(); i++) {
            String name = shape.hardware() + "-" + i;
            Workplace place = new Workplace(work.models().get(), work.journal().cell());
            slots.add(new ShareSlot(
                    name,
                    new SlotConsumers(
                            kafka.clients(),
                            kafka.clientId() + "-" + name,
                            topics.executorGroup(shape.hardware()),
                            List.of(topics.jobs(shape.hardware()), topics.retries(shape.hardware())),
                            settings.everyPartition() ? shape.batch() : 1),
                    new JobTaker(work.runner(), place, kafka.events(), work.reporter()),
                    place.models(),
                    shared));
        }
    }

    /** Begins to take jobs as soon as every cancellation so far is known. */
    public void start(CancelTail cancellations) {
        for (int i = 0; i < slots.size(); i++) {
            ShareSlot slot = slots.get(i);
            threads.add(Thread.ofPlatform().name("slot-" + shape.hardware() + "-" + i).start(() -> {
                if (awaitCancellations(cancellations)) {
                    slot.run();
                }
            }));
        }
    }

    /** Shows the slots by state. */
    public static void gauge(MeterRegistry metrics, List<SlotGroup> groups) {
        Metric.EXECUTOR_SLOTS.gauge(metrics, () -> groups.stream().mapToInt(SlotGroup::busySlots).sum(), "busy");
        Metric.EXECUTOR_SLOTS.gauge(
                metrics, () -> groups.stream().mapToInt(group -> group.slots.size() - group.busySlots()).sum(), "free");
    }

    /** What they do now. Any thread. */
    public List<Seat> seats() {
        return slots.stream().map(ShareSlot::seat).toList();
    }

    /** Whose jobs they take. */
    public HardwareClass hardware() {
        return shape.hardware();
    }

    /** Whether these are the slots of that class. */
    public boolean serves(HardwareClass hardware) {
        return shape.hardware().equals(hardware);
    }

    /** How many slots run a job. */
    int busySlots() {
        return busy.get();
    }

    /** Why slots take no jobs; empty when all do. */
    public List<String> problems() {
        return slots.stream().flatMap(slot -> slot.problem().stream()).distinct().toList();
    }

    /** No more polls; what runs may end until then and is handed back after. Does not wait. */
    public void stop(long deadlineNanos) {
        stopping = true;
        slots.forEach(slot -> slot.stop(deadlineNanos));
    }

    /** Waits for the slots' ends. @return whether all have come */
    public boolean awaitStopped(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean all = true;
        for (Thread thread : threads) {
            all &= thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        if (!all) {
            LOG.atWarn().addKeyValue("hardware", shape.hardware()).log("slots did not end in time");
        }
        return all;
    }

    private boolean awaitCancellations(CancelTail cancellations) {
        try {
            while (!stopping) {
                if (cancellations.awaitCaughtUp(CAUGHT_UP_CHECK)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
