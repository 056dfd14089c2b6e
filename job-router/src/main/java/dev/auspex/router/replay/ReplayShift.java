package dev.auspex.router.replay;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which replays run here: those in the partitions that the routers' group has given to this one. An account's
 * replays are in one partition, so one router puts them into a row. The group is only for sharing the work and noticing a
 * dead router; that nothing is submitted twice does not depend on it. One thread of its own.
 */
final class ReplayShift {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayShift.class);
    /** How many run at once here: each has a producer, a consumer and what its survey found. */
    private static final int MAX_RUNNING = 8;
    /** How many of one account. */
    private static final int MAX_OF_ACCOUNT = 2;
    private static final int SESSION_TIMEOUT_MS = 6_000;
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);

    private final KafkaConsumer<String, byte[]> group;
    private final Topics topics;
    private final ReplayLog log;
    private final Function<PredictionId, ReplayRunner> runners;
    private final Set<Integer> mine = new HashSet<>();
    private final Map<PredictionId, Run> running = new HashMap<>();
    private final Map<PredictionId, Long> notBefore = new HashMap<>();
    private final Thread thread = Thread.ofPlatform().name("replay-shift").daemon().unstarted(this::run);
    private volatile boolean stopped;

    /** @param runners makes the runner of a replay */
    ReplayShift(KafkaClients kafka, Topics topics, ReplayLog log, Function<PredictionId, ReplayRunner> runners) {
        this.group = kafka.consumer("router-replay-shift", Map.of(
                ConsumerConfig.GROUP_ID_CONFIG, topics.group("replays"),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_TIMEOUT_MS / 4));
        this.topics = topics;
        this.log = log;
        this.runners = runners;
    }

    private record Run(Replay replay, ReplayRunner runner, Thread thread) {}

    void start() {
        thread.start();
    }

    /** Stops the runners after the transactions under way and leaves the group, so that others go on at once. */
    void stop(Duration limit) throws InterruptedException {
        stopped = true;
        thread.join(limit);
    }

    /** Whether it is at work. */
    boolean isAlive() {
        return thread.isAlive();
    }

    private void run() {
        try (group) {
            group.subscribe(List.of(topics.replays()), new Shares());
            while (!stopped) {
                try {
                    // Nothing comes, all is paused: this keeps the membership alive.
                    group.poll(TICK);
                } catch (RetriableException e) {
                    LOG.atWarn().addKeyValue("cause", e.getMessage()).log("waiting for Kafka");
                }
                tick();
            }
            running.values().forEach(run -> run.runner().stop());
            for (Run run : running.values()) {
                run.thread().join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("no replays run here any more");
        }
    }

    private void tick() {
        running.values().removeIf(run -> {
            if (run.thread().isAlive()) {
                return false;
            }
            // Its end may not have come back yet; whoever starts it again finds out.
            notBefore.put(run.replay().request().id(), System.nanoTime() + BEFORE_RETRY.toNanos());
            return true;
        });
        List<Replay> open = log.all().stream()
                .filter(replay -> !replay.status().isTerminal())
                .filter(replay -> mine.contains(topics.partitionOf(replay.request().account())))
                .sorted(order())
                .toList();
        notBefore.keySet().removeIf(id -> open.stream().noneMatch(replay -> replay.request().id().equals(id)));
        open.stream().filter(replay -> mayStart(replay, open)).forEach(this::start);
    }

    // Total and the same for every router: what runs or has begun is before what has not, older before younger.
    private Comparator<Replay> order() {
        return Comparator.<Replay, Boolean>comparing(replay ->
                        !running.containsKey(replay.request().id()) && replay.status() == PredictionStatus.STARTING)
                .thenComparing(replay -> replay.request().createdAt())
                .thenComparing(replay -> replay.request().id());
    }

    private boolean mayStart(Replay replay, List<Replay> inOrder) {
        PredictionId id = replay.request().id();
        Long due = notBefore.get(id);
        if (running.containsKey(id) || running.size() >= MAX_RUNNING || (due != null && due - System.nanoTime() > 0)) {
            return false;
        }
        if (log.isCancelRequested(id)) {
            return true; // only to say so
        }
        long ofAccount = running.values().stream()
                .filter(run -> run.replay().request().account().equals(replay.request().account()))
                .count();
        return ofAccount < MAX_OF_ACCOUNT && !waitsForAnother(replay, inOrder);
    }

    // What an earlier replay has taken is known only when it is over.
    private static boolean waitsForAnother(Replay replay, List<Replay> inOrder) {
        return !replay.request().spec().again() && inOrder.stream()
                .takeWhile(other -> !other.request().id().equals(replay.request().id()))
                .filter(other -> other.request().account().equals(replay.request().account()))
                .anyMatch(other -> !other.request().spec().filter().isDisjointFrom(replay.request().spec().filter()));
    }

    private void start(Replay replay) {
        PredictionId id = replay.request().id();
        ReplayRunner runner = runners.apply(id);
        Thread worker = Thread.ofPlatform().name("replay-" + id).daemon().start(() -> {
            try {
                runner.run();
            } catch (KafkaException e) {
                LOG.atWarn().addKeyValue("replay", id).setCause(e).log("replay interrupted, to be taken up again");
            }
        });
        running.put(id, new Run(replay, runner, worker));
    }

    private final class Shares implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            group.pause(partitions);
            partitions.forEach(each -> mine.add(each.partition()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(each -> mine.remove(each.partition()));
            running.values().stream()
                    .filter(run -> !mine.contains(topics.partitionOf(run.replay().request().account())))
                    .forEach(run -> run.runner().stop());
        }
    }
}
