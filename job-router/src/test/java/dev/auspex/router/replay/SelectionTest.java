package dev.auspex.router.replay;

import static dev.auspex.protocol.PredictionStatus.ABORTED;
import static dev.auspex.protocol.PredictionStatus.CANCELED;
import static dev.auspex.protocol.PredictionStatus.FAILED;
import static dev.auspex.protocol.PredictionStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.topic.SnapshotHeaders;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final VersionId VERSION = new VersionId("ab".repeat(32));
    private static final HardwareClass CPU = new HardwareClass("cpu");

    @Test
    void shouldTakeOnlyFailuresWhenNothingIsSaid() {
        Selection selection = new Selection(filter(null, null, null, null));

        assertThat(selection.mayTake(candidate(FAILED, CPU, NOON))).isTrue();
        assertThat(selection.mayTake(candidate(SUCCEEDED, CPU, NOON))).isFalse();
        assertThat(selection.mayTake(candidate(CANCELED, CPU, NOON))).isFalse();
    }

    @Test
    void shouldTakeBothNamesWhenCanceledOnesAreWanted() {
        Selection canceled = new Selection(new ReplayFilter(
                List.of(CANCELED), null, null, null, null, List.of(), null, null));
        Selection aborted = new Selection(new ReplayFilter(
                List.of(ABORTED), null, null, null, null, List.of(), null, null));

        assertThat(canceled.mayTake(candidate(ABORTED, CPU, NOON))).isTrue();
        assertThat(canceled.mayTake(candidate(CANCELED, CPU, NOON))).isTrue();
        assertThat(aborted.mayTake(candidate(CANCELED, CPU, NOON))).isFalse();
    }

    @Test
    void shouldTakeTheFirstMomentAndLeaveTheLastWhenThereIsARange() {
        Selection selection = new Selection(new ReplayFilter(
                List.of(), null, null, null, null, List.of(), NOON, NOON.plusSeconds(10)));

        assertThat(selection.mayTake(candidate(FAILED, CPU, NOON.minusMillis(1)))).isFalse();
        assertThat(selection.mayTake(candidate(FAILED, CPU, NOON))).isTrue();
        assertThat(selection.mayTake(candidate(FAILED, CPU, NOON.plusSeconds(10).minusMillis(1)))).isTrue();
        assertThat(selection.mayTake(candidate(FAILED, CPU, NOON.plusSeconds(10)))).isFalse();
    }

    @Test
    void shouldLeaveOthersWhenHardwareIsGiven() {
        Selection selection = new Selection(filter(null, null, CPU, null));

        assertThat(selection.mayTake(candidate(FAILED, CPU, NOON))).isTrue();
        assertThat(selection.mayTake(candidate(FAILED, new HardwareClass("gpu-h100"), NOON))).isFalse();
        assertThat(selection.mayTake(candidate(FAILED, null, NOON))).isFalse();
    }

    @Test
    void shouldLeaveOthersWhenModelAndVersionAreGiven() {
        Original painter = original("acme/painter", "x");

        assertThat(new Selection(filter("acme/painter", VERSION, null, null)).takes(painter)).isTrue();
        assertThat(new Selection(filter("acme/other", null, null, null)).takes(painter)).isFalse();
        assertThat(new Selection(filter(null, new VersionId("0".repeat(64)), null, null)).takes(painter)).isFalse();
    }

    @Test
    void shouldFindAnyPartOfTheErrorWhenTextIsGiven() {
        Selection selection = new Selection(filter(null, null, null, "OUT of Memory"));

        assertThat(selection.takes(original("a/b", "CUDA out of memory: 7 GiB"))).isTrue();
        assertThat(selection.takes(original("a/b", "division by zero"))).isFalse();
        assertThat(selection.takes(original("a/b", null))).isFalse();
    }

    private static ReplayFilter filter(
            @Nullable String model, @Nullable VersionId version, @Nullable HardwareClass hardware, @Nullable String error) {
        return new ReplayFilter(
                List.of(), model == null ? null : ModelName.of(model), version, hardware, error, List.of(), null, null);
    }

    private static Original original(String model, @Nullable String error) {
        return new Original(ModelName.of(model), VERSION, Json.object(), error, "api", false, null, null);
    }

    private static Candidate candidate(PredictionStatus status, @Nullable HardwareClass hardware, Instant created) {
        return new Candidate(
                PredictionId.derived(created, new byte[16]),
                new SnapshotHeaders(new AccountId("acme"), 2, null, status, null, null, hardware, null),
                now -> original("acme/painter", null));
    }
}
