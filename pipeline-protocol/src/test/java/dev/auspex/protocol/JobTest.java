package dev.auspex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobTest {

    @Test
    void shouldKeepEverythingButTheRoundWhenItIsPutIntoATopicAgain() throws Exception {
        Job again = everything().again(7);

        assertThat(again.attempt()).isEqualTo(7);
        assertSameBut(Set.of("attempt"), again);
    }

    @Test
    void shouldKeepEverythingButTheInputWhenTheDataIsRemoved() throws Exception {
        Job bare = everything().withoutInput();

        assertThat(bare.input()).isEmpty();
        assertSameBut(Set.of("input"), bare);
    }

    @Test
    void shouldKeepEverythingButTheQueueLimitWhenItWasStarted() throws Exception {
        Job started = everything().startedOnce();

        assertThat(started.limits().queue()).isNull();
        assertThat(started.limits().run()).isEqualTo(everything().limits().run());
        assertSameBut(Set.of("limits"), started);
    }

    private static void assertSameBut(Set<String> changed, Job after) throws ReflectiveOperationException {
        Job before = everything();
        for (RecordComponent each : Job.class.getRecordComponents()) {
            Object value = each.getAccessor().invoke(after);
            assertThat(value).as(each.getName()).isNotNull();
            if (!changed.contains(each.getName())) {
                assertThat(value).as(each.getName()).isEqualTo(each.getAccessor().invoke(before));
            }
        }
        assertThat(Arrays.stream(Job.class.getRecordComponents()).map(RecordComponent::getName)).containsAll(changed);
    }

    private static Job everything() {
        Job job = Samples.fullJob();
        return new Job(
                job.id(), job.account(), job.model(), job.version(), job.runner(), job.hardware(), job.input(),
                job.webhook(), job.createdAt(), job.deadline(), job.source(), job.baseUrl(), job.urls(), job.attempt(),
                job.traceparent(), job.limits(), job.replayOf(), DeploymentName.of("acme/prod"))
                .asSuspect();
    }
}
