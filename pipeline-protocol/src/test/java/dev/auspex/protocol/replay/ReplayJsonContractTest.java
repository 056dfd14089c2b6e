package dev.auspex.protocol.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.GoldenFile;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The replay object of the API. */
class ReplayJsonContractTest {

    @Test
    void shouldShowEverythingWhenThereIsEverything() {
        assertThat(ReplayJson.of(Samples.failedReplay()).toString()).isEqualTo(GoldenFile.read("replay-full.json"));
    }

    @Test
    void shouldShowWhatClientsNeedWhenThereIsLittle() {
        Replay accepted = Replay.accepted(Samples.minimalReplay());

        assertThat(ReplayJson.of(accepted).toString()).isEqualTo(GoldenFile.read("replay-minimal.json"));
    }

    @Test
    void shouldBeWholeWhenItSucceededWithNothingToRead() {
        Replay ended = Replay.accepted(Samples.minimalReplay())
                .begun(List.of(), Samples.TIME)
                .ended(PredictionStatus.SUCCEEDED, Samples.LATER, null);

        assertThat(ended.progress()).isEqualTo(1);
    }

    @Test
    void shouldBeDisjointOnlyWhenTheModelsDiffer() {
        ReplayFilter any = Samples.minimalReplay().spec().filter();
        ReplayFilter painter = Samples.fullReplay().spec().filter();
        ReplayFilter other = new ReplayFilter(
                List.of(), ModelName.of("acme/other"), null, null, null, List.of(), null, null);

        assertThat(painter.isDisjointFrom(other)).isTrue();
        assertThat(painter.isDisjointFrom(any)).isFalse();
        assertThat(any.isDisjointFrom(painter)).isFalse();
        assertThat(painter.isDisjointFrom(painter)).isFalse();
    }
}
