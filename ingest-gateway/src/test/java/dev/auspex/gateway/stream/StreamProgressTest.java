package dev.auspex.gateway.stream;

import static dev.auspex.gateway.stream.Samples.FIRST;
import static dev.auspex.gateway.stream.Samples.SECOND;
import static dev.auspex.gateway.stream.Samples.canceled;
import static dev.auspex.gateway.stream.Samples.failed;
import static dev.auspex.gateway.stream.Samples.output;
import static dev.auspex.gateway.stream.Samples.snapshot;
import static dev.auspex.gateway.stream.Samples.succeeded;
import static dev.auspex.protocol.PredictionStatus.ABORTED;
import static dev.auspex.protocol.PredictionStatus.CANCELED;
import static dev.auspex.protocol.PredictionStatus.FAILED;
import static dev.auspex.protocol.PredictionStatus.PROCESSING;
import static dev.auspex.protocol.PredictionStatus.STARTING;
import static dev.auspex.protocol.PredictionStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamProgressTest {

    private static final PredictionId ID = new PredictionId("01kdyak3see2pvzfhg7rstevqk");

    private final Recorder out = new Recorder();
    private final StreamProgress progress = new StreamProgress(out, 0);

    @Test
    void shouldSendLiveChunksWhenTheyFollowTheSnapshot() {
        progress.snapshot(snapshot(STARTING, null, null));
        live(FIRST, new AttemptEvent.Started());
        live(FIRST, output(0, "a", "b"));
        live(FIRST, new AttemptEvent.LogsAppended(0, "log"));
        live(FIRST, output(2, "c"));
        live(FIRST, succeeded("a", "b", "c"));

        assertThat(out.events).containsExactly("0 a", "1 b", "2 c", "3 SUCCEEDED");
        assertThat(progress.isDone()).isTrue();
        assertThat(progress.needsSnapshot()).isFalse();
    }

    @Test
    void shouldSendEachChunkOnceWhenSnapshotAndEventsOverlap() {
        progress.snapshot(snapshot(PROCESSING, FIRST, null, "a", "b", "c"));
        live(FIRST, output(0, "a", "b"));
        live(FIRST, output(1, "b", "c", "d"));
        live(FIRST, succeeded("a", "b", "c", "d", "e"));
        live(FIRST, succeeded("a"));

        assertThat(out.events).containsExactly("0 a", "1 b", "2 c", "3 d", "4 e", "5 SUCCEEDED");
    }

    @Test
    void shouldSendEverythingWhenTheSnapshotIsTerminal() {
        progress.snapshot(snapshot(SUCCEEDED, FIRST, null, "a", "b"));

        assertThat(out.events).containsExactly("0 a", "1 b", "2 SUCCEEDED");
    }

    @Test
    void shouldSendErrorBeforeDoneWhenThePredictionFailed() {
        progress.snapshot(snapshot(FAILED, FIRST, "boom", "a"));

        assertThat(out.events).containsExactly("0 a", "1 error boom", "2 FAILED");
    }

    @Test
    void shouldSendErrorBeforeDoneWhenTheRouterSaysThatAnAttemptFailedForGood() {
        progress.snapshot(snapshot(STARTING, null, null));
        live(FIRST, failed("boom", false, "a"));
        assertThat(progress.isInDoubt()).isTrue();

        progress.snapshot(snapshot(FAILED, FIRST, "boom", "a"));

        assertThat(out.events).containsExactly("0 a", "1 error boom", "2 FAILED");
    }

    @Test
    void shouldGoOnWithTheNextAttemptWhenTheModelsOwnErrorIsRetried() {
        progress.snapshot(snapshot(PROCESSING, FIRST, null, "a"));
        live(FIRST, failed("the model's own fault", false, "a"));
        progress.snapshot(snapshot(STARTING, FIRST, null));
        live(SECOND, new AttemptEvent.Started());
        live(SECOND, output(0, "a", "b"));
        live(SECOND, succeeded("a", "b"));

        assertThat(out.events).containsExactly("0 a", "1 b", "2 SUCCEEDED");
    }

    @Test
    void shouldSayCanceledWhenCanceledOrAborted() {
        for (PredictionStatus status : List.of(CANCELED, ABORTED)) {
            Recorder each = new Recorder();
            new StreamProgress(each, 0).snapshot(snapshot(status, null, null));
            assertThat(each.events).containsExactly("0 CANCELED");
        }
        progress.snapshot(snapshot(PROCESSING, FIRST, null, "a"));
        live(FIRST, canceled("a"));
        assertThat(out.events).containsExactly("0 a", "1 CANCELED");
    }

    @Test
    void shouldAskTheRouterWhenAFailureMayBeRetried() {
        progress.snapshot(snapshot(PROCESSING, FIRST, null, "a"));

        live(FIRST, failed("lost", true, "a"));
        assertThat(progress.isInDoubt()).isTrue();
        assertThat(progress.needsSnapshot()).isTrue();
        progress.snapshot(snapshot(STARTING, FIRST, null));
        assertThat(progress.needsSnapshot()).isFalse();

        live(SECOND, new AttemptEvent.Started());
        live(SECOND, output(0, "A"));
        live(SECOND, output(1, "B"));
        live(SECOND, succeeded("A", "B"));
        assertThat(out.events).containsExactly("0 a", "1 B", "2 SUCCEEDED");
    }

    @Test
    void shouldIgnoreTheOldAttemptWhenANewOneHasStarted() {
        progress.snapshot(snapshot(PROCESSING, SECOND, null, "A"));

        live(FIRST, output(1, "old"));

        assertThat(out.events).containsExactly("0 A");
        assertThat(progress.isInDoubt()).isTrue();
        progress.snapshot(snapshot(PROCESSING, SECOND, null, "A"));
        live(FIRST, output(2, "old"));
        assertThat(progress.isInDoubt()).as("asked once per attempt").isFalse();
        live(SECOND, output(1, "B"));
        assertThat(out.events).containsExactly("0 A", "1 B");
    }

    @Test
    void shouldFollowTheRouterWhenClocksMakeTheNewAttemptLookOlder() {
        progress.snapshot(snapshot(PROCESSING, SECOND, null, "a"));
        live(FIRST, new AttemptEvent.Started());
        assertThat(progress.needsSnapshot()).isTrue();

        progress.snapshot(snapshot(PROCESSING, FIRST, null));
        live(FIRST, output(0, "A", "B"));

        assertThat(out.events).containsExactly("0 a", "1 B");
    }

    @Test
    void shouldWaitForWhatIsMissingWhenThereIsAGap() {
        progress.snapshot(snapshot(PROCESSING, FIRST, null, "a"));
        live(FIRST, output(3, "d"));
        assertThat(progress.needsSnapshot()).isTrue();
        progress.snapshot(snapshot(PROCESSING, FIRST, null, "a", "b"));
        assertThat(progress.needsSnapshot()).as("still a gap").isTrue();

        progress.snapshot(snapshot(PROCESSING, FIRST, null, "a", "b", "c"));

        assertThat(out.events).containsExactly("0 a", "1 b", "2 c", "3 d");
        assertThat(progress.needsSnapshot()).isFalse();
    }

    @Test
    void shouldHoldNothingAndAskAgainWhenTheClientIsSlow() {
        out.room = 2;
        progress.snapshot(snapshot(PROCESSING, FIRST, null, "a", "b", "c"));
        live(FIRST, output(3, "d"));
        live(FIRST, succeeded("a", "b", "c", "d"));
        assertThat(out.events).containsExactly("0 a", "1 b");
        assertThat(progress.needsSnapshot()).isTrue();

        out.room = 1;
        progress.snapshot(snapshot(PROCESSING, FIRST, null, "a", "b", "c"));
        assertThat(progress.needsSnapshot()).as("the end was seen, so it must come").isTrue();
        out.room = 9;
        progress.snapshot(snapshot(SUCCEEDED, FIRST, null, "a", "b", "c", "d"));

        assertThat(out.events).containsExactly("0 a", "1 b", "2 c", "3 d", "4 SUCCEEDED");
    }

    @Test
    void shouldGoOnAfterTheLastOneSeenWhenResumed() {
        StreamProgress resumed = new StreamProgress(out, 2);
        resumed.snapshot(snapshot(PROCESSING, FIRST, null, "a", "b", "c"));
        resumed.event(Samples.event(ID, FIRST, succeeded("a", "b", "c")));

        assertThat(out.events).containsExactly("2 c", "3 SUCCEEDED");
    }

    @Test
    void shouldStillSayDoneWhenResumedAfterTheEnd() {
        new StreamProgress(out, 4).snapshot(snapshot(SUCCEEDED, FIRST, null, "a", "b", "c"));

        assertThat(out.events).containsExactly("4 SUCCEEDED");
    }

    @Test
    void shouldSendOneChunkWhenTheWholeOutputIsNoArray() {
        progress.snapshot(snapshot(STARTING, null, null));
        live(FIRST, new AttemptEvent.Succeeded(new TextNode("all"), "", Json.object(), Instant.EPOCH));

        assertThat(out.events).containsExactly("0 all", "1 SUCCEEDED");
    }

    @Test
    void shouldReadOneChunkWhenTheRoutersOutputIsNoArray() throws Exception {
        progress.snapshot(Snapshot.of(Samples.answer(PROCESSING, FIRST, null, null)));
        progress.snapshot(Snapshot.of(Samples.answer(SUCCEEDED, FIRST, new TextNode("https://x/o.png"), null)));

        assertThat(out.events).containsExactly("0 https://x/o.png", "1 SUCCEEDED");
    }

    @Test
    void shouldSendEverythingInOrderOnceWhenEventsAndSnapshotsInterleaveAnyhow() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int count = random.nextInt(12);
            String[] all = IntStream.range(0, count).mapToObj(i -> "c" + i).toArray(String[]::new);
            Recorder recorder = new Recorder();
            StreamProgress each = new StreamProgress(recorder, 0);
            int routerAt = 0;
            each.snapshot(partly(all, routerAt));
            for (int i = 0; i < count; i++) {
                recorder.room = random.nextInt(4);
                if (random.nextInt(3) > 0) {
                    each.event(Samples.event(ID, FIRST, output(i, all[i])));
                }
                if (random.nextInt(3) == 0) {
                    routerAt += random.nextInt(i + 2 - routerAt);
                    each.snapshot(partly(all, routerAt));
                }
            }
            if (random.nextBoolean()) {
                each.event(Samples.event(ID, FIRST, succeeded(all)));
            }
            recorder.room = 100;
            each.snapshot(snapshot(SUCCEEDED, FIRST, null, all));

            List<String> expected = new ArrayList<>();
            IntStream.range(0, count).forEach(i -> expected.add(i + " c" + i));
            expected.add(count + " SUCCEEDED");
            assertThat(recorder.events).as("seed %s round %s", seed, round).isEqualTo(expected);
        }
    }

    private static Snapshot partly(String[] all, int count) {
        return snapshot(PROCESSING, FIRST, null, java.util.Arrays.copyOf(all, count));
    }

    private void live(AttemptId attempt, AttemptEvent.Body body) {
        progress.event(Samples.event(ID, attempt, body));
    }

    /** Writes down what is sent, with room for so many chunks. */
    private static final class Recorder implements StreamProgress.Out {
        private final List<String> events = new ArrayList<>();
        private int room = 100;

        @Override
        public boolean isFull() {
            return room == 0;
        }

        @Override
        public void output(int number, JsonNode chunk) {
            room--;
            events.add(number + " " + chunk.asText());
        }

        @Override
        public void error(int number, String detail) {
            events.add(number + " error " + detail);
        }

        @Override
        public void done(int number, StreamProgress.Ending ending) {
            events.add(number + " " + ending);
        }
    }
}
