package dev.auspex.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class ThreadReplacementTest {

    @Test
    void shouldWaitLongerEachTimeWhenThreadsKeepDying() {
        assertThat(ThreadReplacement.pauseMillis(1)).isEqualTo(100);
        assertThat(ThreadReplacement.pauseMillis(2)).isEqualTo(200);
        assertThat(ThreadReplacement.pauseMillis(7)).isEqualTo(6_400);
        assertThat(ThreadReplacement.pauseMillis(1_000)).isEqualTo(10_000);
    }

    @Test
    void shouldReplaceTheThreadAndCountItWhenOneDies() {
        ThreadReplacement replacement = new ThreadReplacement(Clock.systemUTC());
        replacement.stop(); // nobody waits in this test

        IllegalStateException failure = new IllegalStateException("broken");
        failure.setStackTrace(new StackTraceElement[0]); // it is logged

        assertThat(replacement.handle(failure))
                .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(replacement.recentDeaths()).isEqualTo(1);
    }
}
