package dev.auspex.dispatcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.log.LogQuery.Filter;
import dev.auspex.dispatcher.log.LogQuery.Range;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryHeaders;
import dev.auspex.protocol.delivery.DeliveryResult;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {

    private static final AccountId ACME = new AccountId("acme");
    private static final Instant BEGIN = Instant.parse("2026-01-02T23:59:58Z");

    @TempDir
    private Path folder;

    private LogStore store;
    private long offset;

    @BeforeEach
    void open() throws IOException {
        store = LogStore.open(folder);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldFindAcrossMidnightNewestFirstWhenAPredictionIsAskedFor() {
        PredictionId one = id();
        add(BEGIN, one, Outcome.REJECTED, BEGIN.plusSeconds(3));
        add(BEGIN.plusSeconds(1), id(), Outcome.DELIVERED, null);
        add(BEGIN.plusSeconds(3), one, Outcome.DELIVERED, null);
        assertThat(store.days()).hasSize(2);
        assertThat(store.find(query(one, Range.newest(10), false)).entries())
                .extracting(entry -> entry.result().outcome())
                .containsExactly(Outcome.DELIVERED, Outcome.REJECTED);
    }

    @Test
    void shouldGoOnWhereAPageEndedWhenManyHappenedInOneMillisecond() {
        for (int i = 0; i < 25; i++) {
            add(BEGIN, id(), Outcome.DELIVERED, null);
        }
        List<Long> offsets = new ArrayList<>();
        LogQuery query = query(null, Range.newest(4), false);
        LogPage page = store.find(query);
        while (true) {
            page.entries().forEach(entry -> offsets.add(entry.position().offset()));
            if (page.next() == null) {
                break;
            }
            page = store.find(query.before(page.next()));
        }
        assertThat(offsets).hasSize(25).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @Test
    void shouldKeepToTheTimesAskedFor() {
        for (int i = 0; i < 10; i++) {
            add(BEGIN.plusSeconds(i), id(), Outcome.DELIVERED, null);
        }
        Range range = new Range(BEGIN.plusSeconds(2), BEGIN.plusSeconds(5), null, 100);
        assertThat(store.find(query(null, range, false)).entries())
                .extracting(entry -> entry.result().startedAt())
                .containsExactly(BEGIN.plusSeconds(4), BEGIN.plusSeconds(3), BEGIN.plusSeconds(2));
    }

    @Test
    void shouldRememberAfterReopeningWhatWasReadAndWhatIsDead() throws IOException {
        PredictionId dead = id();
        add(BEGIN, dead, Outcome.REJECTED, null);
        add(BEGIN, id(), Outcome.DELIVERED, null);
        store.close();
        store = LogStore.open(folder);
        assertThat(store.read(3)).isEqualTo(offset);
        assertThat(store.read(2)).isZero();
        assertThat(store.find(query(null, Range.newest(10), true)).entries())
                .extracting(entry -> entry.result().delivery().prediction())
                .containsExactly(dead);
        add(BEGIN.plusSeconds(60), dead, Outcome.REQUESTED, BEGIN.plusSeconds(60));
        assertThat(store.find(query(null, Range.newest(10), true)).entries()).isEmpty();
    }

    @Test
    void shouldForgetWholeDaysWhenTheyAreOld() {
        PredictionId old = id();
        add(BEGIN, old, Outcome.REJECTED, null);
        add(BEGIN.plus(Duration.ofDays(3)), id(), Outcome.REJECTED, null);
        store.expire(LocalDate.parse("2026-01-03"));
        assertThat(store.find(query(null, Range.newest(10), false)).entries()).hasSize(1);
        assertThat(store.find(query(null, Range.newest(10), true)).entries()).hasSize(1);
        assertThat(store.find(query(old, Range.newest(10), false)).entries()).isEmpty();
    }

    @Test
    void shouldShowNothingOfAccountsWhoseNameBeginsTheSame() {
        add(BEGIN, id(), Outcome.DELIVERED, null);
        LogQuery other = new LogQuery(new AccountId("acm"), null, Filter.ANY, Range.newest(10), false);
        assertThat(store.find(other).entries()).isEmpty();
    }

    private static LogQuery query(PredictionId prediction, Range range, boolean dead) {
        return new LogQuery(ACME, prediction, Filter.ANY, range, dead);
    }

    private void add(Instant time, PredictionId prediction, Outcome outcome, Instant next) {
        DeliveryResult result = new DeliveryResult(
                Delivery.of(prediction, ACME, WebhookEvent.COMPLETED, 1, "https://hooks.example.test/", BEGIN),
                1, outcome, 200, null, time, 5, 0, next, null);
        RecordHeaders headers = new RecordHeaders();
        DeliveryHeaders.write(result, headers);
        LogPosition position = new LogPosition(time.toEpochMilli(), 3, offset++);
        store.write(
                List.of(new LogEntry(position, result)),
                Map.of(position, DeliveryHeaders.resultBytes(headers)),
                Map.of(3, offset));
    }

    private static PredictionId id() {
        return PredictionId.create(Instant.now(), new SecureRandom());
    }
}
