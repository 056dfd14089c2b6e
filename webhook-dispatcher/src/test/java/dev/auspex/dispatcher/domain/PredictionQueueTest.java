package dev.auspex.dispatcher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PredictionQueueTest {

    private static final long WINDOW = PredictionQueue.WINDOW_NANOS;

    private final PredictionQueue<String> queue = new PredictionQueue<>();

    @Test
    void shouldHandOutOneAtATimeWhenSeveralWait() {
        queue.add("start", false);
        queue.add("completed", false);
        assertThat(queue.poll(0)).contains("start");
        assertThat(queue.poll(0)).isEmpty();
        queue.done();
        assertThat(queue.poll(0)).contains("completed");
        queue.done();
        assertThat(queue.idle(0)).isTrue();
    }

    @Test
    void shouldHoldBackAnIntermediateOneWhenTheWindowIsOpen() {
        queue.add("output 1", true);
        assertThat(queue.poll(100)).contains("output 1");
        queue.done();
        assertThat(queue.add("output 2", true)).isEmpty();
        assertThat(queue.add("logs 3", true)).contains("output 2");
        assertThat(queue.poll(100 + WINDOW - 1)).isEmpty();
        assertThat(queue.wakeIn(200)).hasValue(WINDOW - 100);
        assertThat(queue.poll(100 + WINDOW)).contains("logs 3");
    }

    @Test
    void shouldReplaceAnIntermediateOneWhenAnythingNewerArrives() {
        queue.add("output 1", true);
        queue.poll(0);
        queue.done();
        queue.add("output 2", true);
        assertThat(queue.add("completed", false)).contains("output 2");
        assertThat(queue.poll(1)).contains("completed");
    }

    @Test
    void shouldNeverReplaceWhenAMessageMustArrive() {
        queue.add("start", false);
        assertThat(queue.add("output", true)).isEmpty();
        assertThat(queue.add("start again", false)).contains("output");
        assertThat(queue.add("completed", false)).isEmpty();
        assertThat(queue.poll(0)).contains("start");
        queue.done();
        assertThat(queue.poll(0)).contains("start again");
        queue.done();
        assertThat(queue.poll(0)).contains("completed");
    }

    @Test
    void shouldReplaceWhatWaitsWhenTheOneUnderWayIsSlow() {
        queue.add("output 1", true);
        assertThat(queue.poll(0)).contains("output 1");
        queue.add("output 2", true);
        assertThat(queue.poll(2 * WINDOW)).isEmpty();
        assertThat(queue.add("output 3", true)).contains("output 2");
        queue.done();
        assertThat(queue.poll(2 * WINDOW)).contains("output 3");
    }

    @Test
    void shouldStayKnownWhileTheWindowIsOpen() {
        queue.add("output", true);
        queue.poll(0);
        queue.done();
        assertThat(queue.idle(WINDOW - 1)).isFalse();
        assertThat(queue.idle(WINDOW)).isTrue();
        assertThat(queue.wakeIn(WINDOW)).isEmpty();
    }

    @Test
    void shouldNotOpenAWindowWhenStartIsSent() {
        queue.add("start", false);
        queue.poll(0);
        queue.done();
        queue.add("output", true);
        assertThat(queue.poll(1)).contains("output");
    }
}
