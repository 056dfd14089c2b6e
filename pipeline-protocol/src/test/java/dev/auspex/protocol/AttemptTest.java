package dev.auspex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.event.AttemptEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptTest {

    @Test
    void shouldShortenTheErrorWithoutHalfACharacterWhenItIsLong() {
        for (String text : new String[] {"☃😀".repeat(1_000), "a☃😀".repeat(1_000), "aa☃😀".repeat(1_000)}) {
            String error = Samples.attempts().getFirst()
                    .ended(AttemptOutcome.FAILED, Samples.LATER, text)
                    .error();

            assertThat(error).hasSizeBetween(299, 300).endsWith("…");
            assertThat(error.codePoints().anyMatch(it -> it >= 0xD800 && it < 0xE000)).isFalse();
        }
    }

    @Test
    void shouldNameTheRoundOfItsJobWhenItIsARetry() {
        AttemptEvent event = AttemptEvent.of(
                Samples.fullJob().again(7), Samples.ATTEMPT, Samples.EXECUTOR, Samples.TIME, new AttemptEvent.Started());

        assertThat(event.round()).isEqualTo(7);
        assertThat(event.at(Samples.LATER).round()).isEqualTo(7);
    }

    @Test
    void shouldHaveNoQueueLimitWhenItWasStartedOnce() {
        Job job = Samples.fullJob();
        Job minutes = new Job(
                job.id(), job.account(), job.model(), job.version(), job.runner(), job.hardware(), job.input(),
                job.webhook(), job.createdAt(), job.deadline(), job.source(), job.baseUrl(), job.urls(), 0, null,
                new JobLimits(5, Duration.ofMinutes(1), null, true), null, null);

        assertThat(minutes.startBy()).isEqualTo(job.createdAt().plusSeconds(60));
        assertThat(minutes.startedOnce().startBy()).isEqualTo(job.deadline());
        assertThat(minutes.startedOnce().limits().retryModelErrors()).isTrue();
    }
}
