package dev.auspex.dispatcher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.dispatcher.domain.OffsetLedger.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetLedgerTest {

    @Test
    void shouldCommitUpToTheOldestOpenOneWhenLaterOnesAreClosed() {
        OffsetLedger ledger = new OffsetLedger(10);
        Entry first = ledger.open(12, 1);
        Entry second = ledger.open(15, 1);
        Entry third = ledger.open(16, 1);
        second.close();
        assertThat(ledger.snapshot()).isEqualTo(new OpenOffsets(12, 17, List.of(12L, 16L)));
        first.close();
        assertThat(ledger.snapshot()).isEqualTo(new OpenOffsets(16, 17, List.of(16L)));
        third.close();
        assertThat(ledger.snapshot()).isEqualTo(new OpenOffsets(17, 17, List.of()));
    }

    @Test
    void shouldKeepARecordOpenUntilAllOfItsDeliveriesAreSettled() {
        OffsetLedger ledger = new OffsetLedger(10);
        List<Entry> entries = ledger.open(12, 100, 3);
        entries.get(1).close();
        entries.get(1).close();
        entries.get(0).close();
        assertThat(ledger.snapshot()).isEqualTo(new OpenOffsets(12, 13, List.of(12L)));
        assertThat(ledger.openBytes()).isEqualTo(100);
        entries.get(2).close();
        assertThat(ledger.snapshot()).isEqualTo(new OpenOffsets(13, 13, List.of()));
        assertThat(ledger.openBytes()).isZero();
    }

    @Test
    void shouldMoveOnWhenRecordsWereReadThatNobodyAskedFor() {
        OffsetLedger ledger = new OffsetLedger(0);
        ledger.advance(40);
        assertThat(ledger.snapshot()).isEqualTo(new OpenOffsets(40, 40, List.of()));
        ledger.advance(30);
        assertThat(ledger.snapshot().committed()).isEqualTo(40);
    }

    @Test
    void shouldCountWhatIsOpenAndSayWhenSomethingChanged() {
        OffsetLedger ledger = new OffsetLedger(0);
        long before = ledger.changes();
        Entry entry = ledger.open(0, 100);
        assertThat(ledger.open()).isEqualTo(1);
        assertThat(ledger.openBytes()).isEqualTo(100);
        assertThat(ledger.changes()).isGreaterThan(before);
        entry.close();
        long closed = ledger.changes();
        entry.close();
        assertThat(ledger.changes()).isEqualTo(closed);
        assertThat(ledger.open()).isZero();
        assertThat(ledger.openBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldSettleExactlyTheClosedOnesWhenTheyCloseInAnyOrder(long seed) {
        Random random = new Random(seed);
        OffsetLedger ledger = new OffsetLedger(0);
        List<Entry> entries = new ArrayList<>();
        TreeSet<Long> open = new TreeSet<>();
        for (long offset = 0; offset < 500; offset += 1 + random.nextInt(3)) {
            entries.add(ledger.open(offset, 1));
            open.add(offset);
        }
        List<Long> offsets = new ArrayList<>(open);
        for (int i = 0; i < 150; i++) {
            int pick = random.nextInt(entries.size());
            entries.remove(pick).close();
            open.remove(offsets.remove(pick));
        }
        OpenOffsets snapshot = ledger.snapshot();
        assertThat(snapshot.open()).containsExactlyElementsOf(open);
        assertThat(snapshot.committed()).isEqualTo(open.first());
        assertThat(OpenOffsets.decode(snapshot.committed(), snapshot.encode())).isEqualTo(snapshot);
    }

    @Test
    void shouldLowerTheLimitWhenTheOpenOffsetsDoNotFit() {
        List<Long> open = new ArrayList<>();
        for (long offset = 1000; offset < 5_000_000; offset += 300) {
            open.add(offset);
        }
        OpenOffsets all = new OpenOffsets(1000, 6_000_000, open);
        String text = all.encode();
        assertThat(text.length()).isLessThanOrEqualTo(4096);
        OpenOffsets read = OpenOffsets.decode(1000, text);
        assertThat(read.limit()).isLessThan(6_000_000).isGreaterThan(300_000);
        assertThat(read.open()).isEqualTo(open.stream().filter(offset -> offset < read.limit()).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1:", "1:!!", "2:AAAA", "1:////////////////////", "text of another program"})
    void shouldTrustOnlyTheOffsetWhenTheMetadataIsNotOurs(String text) {
        assertThat(OpenOffsets.decode(7, text)).isEqualTo(new OpenOffsets(7, 7, List.of()));
    }
}
