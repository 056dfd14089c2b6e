package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.PredictionInput;
import dev.auspex.router.domain.PredictionState;
import dev.auspex.router.domain.RetryPolicy;
import dev.auspex.router.query.LocalPage;
import dev.auspex.router.query.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PageReaderTest {

    private static final AccountId ACME = new AccountId("acme");
    private static final Instant BASE = Instant.parse("2026-03-01T10:00:00Z");

    private final SortedStore first = new SortedStore();
    private final SortedStore second = new SortedStore();
    private final List<PredictionId> newestFirst = new ArrayList<>();

    PageReaderTest() {
        Random random = new Random(5);
        for (int i = 0; i < 30; i++) {
            PredictionId id = PredictionId.create(BASE.plusMillis(i), random);
            newestFirst.addFirst(id);
            put(i % 3 == 0 ? first : second, ACME, id);
        }
        put(first, new AccountId("acme-2"), PredictionId.create(BASE, random));
        put(first, new AccountId("acme0"), PredictionId.create(BASE, random));
        PredictionState unseen = new PredictionState.Unseen(List.of(new PredictionInput.CancelRequested(BASE)));
        first.put(
                StoreKey.of(ACME, PredictionId.create(BASE.plusSeconds(1), random)),
                StateCodec.encode(new StateRecord(unseen, null)));
    }

    private static void put(SortedStore store, AccountId account, PredictionId id) {
        byte[] job = Serdes.JOB.serialize(Samples.job(account, id, id.createdAt(), null));
        PredictionFold.Outcome accepted =
                PredictionFold.fold(StateRecord.NONE, RecordReader.job(id.value(), job), new RetryPolicy(Duration.ofSeconds(1)));
        store.put(StoreKey.of(account, id), ((PredictionFold.Outcome.Changed) accepted).stored());
    }

    private LocalPage read(@Nullable PredictionId before, @Nullable PredictionId from, @Nullable PredictionId to, int limit) {
        PageReader reader = new PageReader(new PageRequest(ACME, before, from, to, null, limit, false));
        reader.add(0, first);
        reader.add(1, second);
        return reader.read();
    }

    private List<String> ids(int fromIndex, int toIndex) {
        return newestFirst.subList(fromIndex, toIndex).stream().map(PredictionId::value).toList();
    }

    @Test
    void shouldMergePartitionsNewestFirstWhenThereAreSeveral() {
        LocalPage page = read(null, null, null, 100);

        assertThat(page.items()).extracting(LocalPage.Item::id).isEqualTo(ids(0, 30));
        assertThat(page.partitions()).containsExactlyInAnyOrder(0, 1);
        assertThat(page.cut()).isFalse();
    }

    @Test
    void shouldReadTheOldestOfTheNewerOnesWhenReadBackwards() {
        assertThat(backwards(null, newestFirst.get(9), null, 5).items())
                .extracting(LocalPage.Item::id).isEqualTo(ids(4, 9).reversed());
        assertThat(backwards(null, newestFirst.get(3), null, 5).items())
                .extracting(LocalPage.Item::id).isEqualTo(ids(0, 3).reversed());
        assertThat(backwards(newestFirst.get(6), newestFirst.get(9), newestFirst.get(2), 100).items())
                .as("between the bounds").extracting(LocalPage.Item::id).isEqualTo(ids(3, 7).reversed());
    }

    private LocalPage backwards(
            @Nullable PredictionId from, PredictionId after, @Nullable PredictionId to, int limit) {
        PageReader reader = new PageReader(new PageRequest(ACME, null, from, to, after, limit, false));
        reader.add(0, first);
        reader.add(1, second);
        return reader.read();
    }

    @Test
    void shouldRespectTheBoundsWhenTheyAreGiven() {
        assertThat(read(newestFirst.get(9), null, null, 5).items())
                .extracting(LocalPage.Item::id).isEqualTo(ids(10, 15));
        assertThat(read(null, newestFirst.get(20), newestFirst.get(10), 100).items())
                .extracting(LocalPage.Item::id).isEqualTo(ids(11, 21));
        assertThat(read(newestFirst.get(18), newestFirst.get(20), newestFirst.get(10), 100).items())
                .extracting(LocalPage.Item::id).isEqualTo(ids(19, 21));
    }
}
