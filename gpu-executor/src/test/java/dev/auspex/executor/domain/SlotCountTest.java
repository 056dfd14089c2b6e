package dev.auspex.executor.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SlotCountTest {

    private static final long GIB = 1L << 30;

    @Test
    void shouldGiveTwoSlotsToOverlapWhenProcessorsAreFew() {
        assertThat(SlotCount.onDevice(14 * GIB, List.of(GIB, GIB / 4), 2)).isEqualTo(2);
    }

    @Test
    void shouldGiveMoreSlotsWhenThereAreProcessorsToEncode() {
        assertThat(SlotCount.onDevice(126 * GIB, List.of(GIB, GIB / 4), 12)).isEqualTo(3);
        assertThat(SlotCount.onDevice(126 * GIB, List.of(GIB, GIB / 4), 128)).isEqualTo(4);
    }

    @Test
    void shouldGiveOnlyWhatFitsWhenMemoryIsShort() {
        assertThat(SlotCount.onDevice(14 * GIB, List.of(GIB, 5 * GIB), 64)).isEqualTo(2);
        assertThat(SlotCount.onDevice(4 * GIB, List.of(5 * GIB), 64)).isEqualTo(1);
    }

    @Test
    void shouldGiveOneSlotWhenAModelDoesNotSayWhatItTakes() {
        assertThat(SlotCount.onDevice(126 * GIB, List.of(GIB, 0L), 64)).isEqualTo(1);
        assertThat(SlotCount.onDevice(126 * GIB, List.of(), 64)).isEqualTo(1);
    }
}
