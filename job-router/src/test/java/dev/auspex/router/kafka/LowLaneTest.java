package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Priority;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Effect;
import dev.auspex.router.domain.Phase;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionLife;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LowLaneTest {

    private static final RetryPolicy RETRIES = new RetryPolicy(Duration.ofSeconds(1));
    private static final AccountId OTHER = new AccountId("other");

    private final SortedStore store = new SortedStore();
    private final Map<String, PredictionState> states = new HashMap<>();
    private final List<PredictionId> queued = new ArrayList<>();
    private long now;
    private LowWindow window = new LowWindow(0);
    private LowLane lane = lane();

    private LowLane lane() {
        return new LowLane(store, hardware -> window, this::apply, () -> now);
    }

    private boolean apply(Parsed parsed) {
        PredictionState before = states.getOrDefault(parsed.key(), PredictionState.NONE);
        if (!(PredictionLife.apply(before, parsed.input(), RETRIES) instanceof Applied applied)) {
            return false;
        }
        states.put(parsed.key(), applied.state());
        applied.effects().forEach(effect -> {
            if (effect instanceof Effect.Requeue(Job job)) {
                queued.add(job.id());
            }
        });
        lane.moved(before, applied.state());
        return true;
    }

    private PredictionId submit(int number, AccountId account) {
        PredictionId id = PredictionId.create(Samples.CREATED.plusMillis(number), new Random(number));
        Job job = Samples.job(account, id, id.createdAt(), null).with(Priority.LOW);
        apply(new Parsed(account, id, new PredictionInput.JobAccepted(job), null));
        lane.arrived(job);
        return id;
    }

    private List<PredictionId> submit(AccountId account, int... numbers) {
        List<PredictionId> ids = new ArrayList<>();
        for (int number : numbers) {
            ids.add(submit(number, account));
        }
        return ids;
    }

    private void report(AccountId account, PredictionId id, AttemptEvent.Body body) {
        AttemptId attempt = AttemptId.create(Samples.CREATED, new Random(id.hashCode()));
        apply(Parsed.of(account + "/" + id, Samples.reported(new AttemptEvent(
                id, account, attempt, Samples.EXECUTOR, Samples.CREATED.plusSeconds(9), body, 1))));
    }

    private void cancel(AccountId account, PredictionId id) {
        apply(Parsed.of(account + "/" + id, new PredictionInput.CancelRequested(Samples.CREATED)));
    }

    @Test
    void shouldTakeAccountsInTurnAndEachInOrderWhenTheyAreStarted() {
        List<PredictionId> many = submit(Samples.ACCOUNT, 1, 2, 3, 4);
        List<PredictionId> few = submit(OTHER, 5, 6);
        assertThat(queued).as("one is enough to have something to begin").isEqualTo(many.subList(0, 1));

        List<PredictionId> expected =
                List.of(many.get(0), many.get(1), few.get(0), many.get(2), few.get(1), many.get(3));
        for (int i = 0; i < expected.size(); i++) {
            assertThat(queued).isEqualTo(expected.subList(0, i + 1));
            PredictionId id = queued.get(i);
            report(few.contains(id) ? OTHER : Samples.ACCOUNT, id, new AttemptEvent.Started());
        }
        assertThat(window.held()).isZero();
        assertThat(store.all().hasNext()).as("nothing is left behind").isFalse();
    }

    @Test
    void shouldPassOverWhatWasCanceledWhenItsTurnComes() {
        List<PredictionId> ids = submit(Samples.ACCOUNT, 1, 2, 3);
        cancel(Samples.ACCOUNT, ids.get(1));
        assertThat(queued).isEqualTo(ids.subList(0, 1));

        cancel(Samples.ACCOUNT, ids.get(0));
        assertThat(queued).as("one that will never start makes room").containsExactly(ids.get(0), ids.get(2));
    }

    @Test
    void shouldGoFirstWhenAnOlderIdComesLate() {
        List<PredictionId> ids = submit(Samples.ACCOUNT, 10, 20, 5, 30);
        for (int i = 0; i < 3; i++) {
            report(Samples.ACCOUNT, queued.get(i), new AttemptEvent.Started());
        }
        assertThat(queued).containsExactly(ids.get(0), ids.get(2), ids.get(1), ids.get(3));
    }

    @Test
    void shouldGoOnWhereItWasWhenTheTaskMoves() {
        List<PredictionId> ids = submit(Samples.ACCOUNT, 1, 2, 3);
        lane.close();
        assertThat(window.held()).as("another process counts them now").isZero();

        window = new LowWindow(0);
        lane = lane();
        assertThat(window.held()).isEqualTo(2);
        lane.tick();
        assertThat(queued).as("the first one stands in the queue still").isEqualTo(ids.subList(0, 1));
        report(Samples.ACCOUNT, ids.get(0), Samples.succeeded(Samples.CREATED, "done"));
        assertThat(queued).isEqualTo(ids.subList(0, 2));
    }

    @Test
    void shouldUseTheRoomThatAnotherTaskMadeWhenItTicks() {
        window.count(1, 0);
        assertThat(window.enter(now)).as("another task's stands in the queue").isTrue();
        List<PredictionId> ids = submit(Samples.ACCOUNT, 1);
        assertThat(queued).isEmpty();

        window.started();
        lane.tick();
        assertThat(queued).isEqualTo(ids);
    }

    @Test
    void shouldLetEveryOneThroughOnceWhenEverythingHappensInAnyOrder() {
        long seed = 73;
        Random random = new Random(seed);
        Map<PredictionId, AccountId> all = new HashMap<>();
        for (int step = 0; step < 3_000; step++) {
            now += random.nextLong(LowWindow.PERIOD.toNanos());
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    AccountId account = random.nextBoolean() ? OTHER : Samples.ACCOUNT;
                    all.put(submit(random.nextInt(1_000) * 10_000 + step, account), account);
                }
                case 2 -> lane.tick();
                case 3 -> {
                    lane.close();
                    lane = lane();
                }
                default -> move(random, all);
            }
        }
        for (int i = 0; i < queued.size(); i++) { // grows with every start
            report(all.get(queued.get(i)), queued.get(i), new AttemptEvent.Started());
        }
        Set<PredictionId> waiting = new HashSet<>();
        states.forEach((key, state) -> {
            if (state.phase() == Phase.QUEUED) {
                waiting.add(StoreKey.id(key));
            }
        });
        assertThat(waiting).as("seed %s", seed).isEmpty();
        assertThat(queued).as("seed %s", seed).doesNotHaveDuplicates();
        assertThat(window.held()).isZero();
    }

    private void move(Random random, Map<PredictionId, AccountId> all) {
        List<PredictionId> ids = List.copyOf(all.keySet());
        if (ids.isEmpty()) {
            return;
        }
        PredictionId id = ids.get(random.nextInt(ids.size()));
        if (random.nextInt(4) == 0) {
            cancel(all.get(id), id);
        } else if (queued.contains(id)) {
            report(all.get(id), id, random.nextBoolean()
                    ? new AttemptEvent.Started()
                    : Samples.succeeded(Samples.CREATED, "done"));
        }
    }
}
