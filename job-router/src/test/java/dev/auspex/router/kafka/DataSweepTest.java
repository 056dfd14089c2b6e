package dev.auspex.router.kafka;

import static dev.auspex.router.Samples.event;
import static dev.auspex.router.Samples.reported;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionLife;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.RetryPolicy;
import dev.auspex.runtime.config.Keys.DataRetention;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DataSweepTest {

    private static final RetryPolicy RETRIES = new RetryPolicy(Duration.ofSeconds(1));
    private static final Instant NOW = Samples.CREATED.plus(Duration.ofDays(1));
    private static final List<DataRetention> RULES = List.of(
            new DataRetention(null, Duration.ofHours(1)),
            new DataRetention(new AccountId("b"), Duration.ofHours(5)));

    private final Random random = new Random(4);
    private final SortedStore store = new SortedStore();
    private int looked;

    private static PredictionState after(PredictionState state, PredictionInput input) {
        return ((Applied) PredictionLife.apply(state, input, RETRIES)).state();
    }

    /** @param end how long before now it ended; {@code null} for not yet */
    private String put(String account, Duration age, @Nullable Duration end) {
        PredictionId id = PredictionId.create(NOW.minus(age), random);
        Job job = Samples.job(new AccountId(account), id, id.createdAt(), null);
        PredictionState state = after(PredictionState.NONE, new PredictionInput.JobAccepted(job));
        if (end != null) {
            state = after(state, reported(event(id, 1, 2, Samples.succeeded(id.createdAt(), "x"))
                    .at(NOW.minus(end))));
        }
        String key = StoreKey.of(job.account(), id);
        store.put(key, StateCodec.encode(new StateRecord(state, Serdes.JOB.serialize(job))));
        return key;
    }

    private void remove(Parsed parsed) {
        looked++;
        byte[] stored = Objects.requireNonNull(store.get(parsed.key()));
        PredictionFold.Outcome.Changed changed =
                (PredictionFold.Outcome.Changed) PredictionFold.fold(StateCodec.decode(stored), parsed, RETRIES);
        store.put(parsed.key(), changed.stored());
    }

    private TreeSet<String> removed() {
        TreeSet<String> removed = new TreeSet<>();
        store.all().forEachRemaining(entry -> {
            if (StateCodec.isDataRemoved(entry.value)) {
                removed.add(entry.key);
            }
        });
        return removed;
    }

    @Test
    void shouldRemoveWhatEndedLongEnoughAgoByTheAccountsOwnTime() {
        TreeSet<String> expected = new TreeSet<>();
        for (String account : List.of("a", "b", "c")) {
            expected.add(put(account, Duration.ofHours(9), Duration.ofHours(8)));
            put(account, Duration.ofHours(9), Duration.ofMinutes(30));
            put(account, Duration.ofHours(9), null);
            String between = put(account, Duration.ofHours(3), Duration.ofHours(2));
            if (!account.equals("b")) {
                expected.add(between);
            }
            put(account, Duration.ofMinutes(50), Duration.ofMinutes(40));
        }

        new DataSweep(store, RULES, 1_000).run(NOW, this::remove);

        assertThat(removed()).isEqualTo(expected);
        StateRecord left = StateCodec.decode(Objects.requireNonNull(store.get(expected.first())));
        PredictionState.Known known = (PredictionState.Known) left.state();
        assertThat(known.dataRemoved()).isTrue();
        assertThat(known.job().input()).isEmpty();
        assertThat(known.result().output()).isNull();
        assertThat(known.result().logs()).isEmpty();
        assertThat(new String(left.job(known), java.nio.charset.StandardCharsets.UTF_8)).doesNotContain("hello");
    }

    @Test
    void shouldGoOnWhereItEndedAndComeBackToWhatWasNotDone() {
        String late = put("a", Duration.ofHours(9), Duration.ofMinutes(59));
        for (int i = 0; i < 40; i++) {
            put("a", Duration.ofHours(8), Duration.ofHours(7));
            put("z", Duration.ofHours(8), Duration.ofHours(7));
        }
        DataSweep sweep = new DataSweep(store, RULES, 10);
        for (int run = 0; run < 20; run++) {
            int before = looked;
            sweep.run(NOW, this::remove);
            assertThat(looked - before).isLessThanOrEqualTo(10);
        }
        assertThat(removed()).hasSize(80).doesNotContain(late);

        for (int run = 0; run < 20; run++) {
            sweep.run(NOW.plusSeconds(120), this::remove);
        }

        assertThat(removed()).hasSize(81).contains(late);
    }

    @Test
    void shouldLookAtNothingWhenThereIsNoRule() {
        put("a", Duration.ofHours(9), Duration.ofHours(8));

        new DataSweep(store, List.of(), 10).run(NOW, this::remove);

        assertThat(looked).isZero();
    }
}
