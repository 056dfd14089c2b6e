package dev.auspex.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ServiceStackTest {

    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldStartInOrderAndStopInReverseWhenAllIsWell() throws Exception {
        ServiceStack stack = new ServiceStack(List.of(new Recorded("a"), new Recorded("b"), new Recorded("c")));

        stack.start();
        List<Exception> failures = stack.stop(Duration.ofSeconds(10));

        assertThat(failures).isEmpty();
        assertThat(calls).containsExactly("start a", "start b", "start c", "stop c", "stop b", "stop a");
        stack.awaitStopped();
    }

    @Test
    void shouldStopWhatHadBegunWhenOneFailsToStart() {
        Recorded broken = new Recorded("b");
        broken.startFailure = new IllegalStateException("no luck");
        ServiceStack stack = new ServiceStack(List.of(new Recorded("a"), broken, new Recorded("c")));

        assertThatThrownBy(stack::start).hasMessage("no luck");

        assertThat(calls).containsExactly("start a", "start b", "stop b", "stop a");
    }

    @Test
    void shouldGoOnAndReportAllWhenServicesFailToStop() throws Exception {
        Recorded one = new Recorded("a");
        Recorded two = new Recorded("b");
        one.stopFailure = new Exception("a hangs");
        two.stopFailure = new Exception("b hangs");
        ServiceStack stack = new ServiceStack(List.of(one, new Recorded("m"), two));
        stack.start();

        assertThat(stack.stop(Duration.ofSeconds(10))).extracting(Exception::getMessage).containsExactly("b hangs", "a hangs");
        assertThat(calls).endsWith("stop b", "stop m", "stop a");
    }

    @Test
    void shouldStopOnceWhenToldTwice() throws Exception {
        ServiceStack stack = new ServiceStack(List.of(new Recorded("a")));
        stack.start();

        stack.stop(Duration.ofSeconds(1));
        stack.stop(Duration.ofSeconds(1));

        assertThat(calls).containsOnlyOnce("stop a");
    }

    @Test
    void shouldMakeTheSecondCallerWaitWhenAStopIsUnderWay() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Recorded slow = new Recorded("a");
        slow.beforeStop = release;
        ServiceStack stack = new ServiceStack(List.of(slow));
        stack.start();

        Thread first = Thread.ofVirtual().start(() -> stack.stop(Duration.ofSeconds(30)));
        Awaitility.await().untilAsserted(() -> assertThat(calls).contains("stop a"));
        Thread second = Thread.ofVirtual().start(() -> stack.stop(Duration.ofSeconds(30)));
        Awaitility.await().untilAsserted(() -> assertThat(second.getState()).isEqualTo(Thread.State.WAITING));
        release.countDown();

        assertThat(first.join(Duration.ofSeconds(10))).isTrue();
        assertThat(second.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void shouldGiveEveryServiceAtLeastASecondWhenTheLimitIsUsedUp() throws Exception {
        Recorded service = new Recorded("a");
        ServiceStack stack = new ServiceStack(List.of(service));
        stack.start();

        stack.stop(Duration.ZERO);

        assertThat(service.limit).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldNameTheServiceWhenItIsNotReady() throws Exception {
        Recorded waiting = new Recorded("b");
        waiting.problems = List.of("waiting for Kafka");
        ServiceStack stack = new ServiceStack(List.of(new Recorded("a"), waiting));

        assertThat(stack.problems()).containsExactly("b: waiting for Kafka");
        stack.stop(Duration.ofSeconds(1));
        assertThat(stack.problems()).containsExactly("stopping");
    }

    @Test
    void shouldStartNothingWhenStoppedBefore() throws Exception {
        ServiceStack stack = new ServiceStack(List.of(new Recorded("a")));
        stack.stop(Duration.ofSeconds(1));

        stack.start();

        assertThat(calls).isEmpty();
    }

    /** Writes down what it is told. */
    private final class Recorded implements Service {
        private final String name;
        private Exception startFailure;
        private Exception stopFailure;
        private CountDownLatch beforeStop;
        private List<String> problems = List.of();
        private Duration limit;

        Recorded(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start() throws Exception {
            calls.add("start " + name);
            if (startFailure != null) {
                throw startFailure;
            }
        }

        @Override
        public List<String> problems() {
            return problems;
        }

        @Override
        public void stop(Duration limit) throws Exception {
            this.limit = limit;
            calls.add("stop " + name);
            if (beforeStop != null) {
                assertThat(beforeStop.await(20, TimeUnit.SECONDS)).isTrue();
            }
            if (stopFailure != null) {
                throw stopFailure;
            }
        }
    }
}
