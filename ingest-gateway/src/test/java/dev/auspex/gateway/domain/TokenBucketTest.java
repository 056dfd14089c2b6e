package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.gateway.domain.TokenBucket.Verdict;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {

    @Test
    void shouldShowWhatReplicateShowsWhenTheFirstRequestComes() {
        assertThat(new TokenBucket(600, 0).take(0)).isEqualTo(new Verdict(true, 600, 599, 1, 0));
        assertThat(new TokenBucket(60_000, 0).take(0)).isEqualTo(new Verdict(true, 60_000, 59_999, 1, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 1_000, -5})
    void shouldAllowAMinutesWorthAtOnceAndThenWhatComesBack(long start) {
        TokenBucket bucket = new TokenBucket(6, start);
        for (int left = 5; left >= 0; left--) {
            Verdict verdict = bucket.take(start);
            assertThat(verdict.allowed()).isTrue();
            assertThat(verdict.remaining()).isEqualTo(left);
        }

        assertThat(bucket.take(start)).isEqualTo(new Verdict(false, 6, 0, 60, 10));
        assertThat(bucket.take(start + TimeUnit.MILLISECONDS.toNanos(9_999)).allowed()).isFalse();
        assertThat(bucket.take(start + TimeUnit.SECONDS.toNanos(10)).allowed()).isTrue();
        assertThat(bucket.take(start + TimeUnit.SECONDS.toNanos(10)).allowed()).isFalse();
        assertThat(bucket.take(start + TimeUnit.SECONDS.toNanos(75)).remaining()).isEqualTo(5);
    }

    @Test
    void shouldNeverTellToWaitLongerThanClientsShouldWhenTheLimitIsSmall() {
        TokenBucket bucket = new TokenBucket(1, 0);
        bucket.take(0);

        assertThat(bucket.take(0).retrySeconds()).isEqualTo(30);
    }

    @Test
    void shouldAllowNotOneTooManyWhenThreadsRace() {
        TokenBucket bucket = new TokenBucket(1_000, 0);
        AtomicInteger allowed = new AtomicInteger();

        IntStream.range(0, 5_000).parallel().forEach(i -> allowed.addAndGet(bucket.take(0).allowed() ? 1 : 0));

        assertThat(allowed).hasValue(1_000);
    }
}
