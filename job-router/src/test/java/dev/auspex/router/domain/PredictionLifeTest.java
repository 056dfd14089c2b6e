package dev.auspex.router.domain;

import static dev.auspex.router.Samples.CREATED;
import static dev.auspex.router.Samples.EVERYTHING;
import static dev.auspex.router.Samples.attempt;
import static dev.auspex.router.Samples.canceled;
import static dev.auspex.router.Samples.event;
import static dev.auspex.router.Samples.failed;
import static dev.auspex.router.Samples.output;
import static dev.auspex.router.Samples.reported;
import static dev.auspex.router.Samples.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Reason;
import dev.auspex.router.domain.PredictionState.Known;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PredictionLifeTest {

    private static final PredictionId ID = Samples.id(1);
    private static final Instant STARTED = CREATED.plusSeconds(2);
    private static final Instant ASKED = CREATED.plusMillis(1_500);
    private static final PredictionInput START = reported(event(ID, 1, 2, new AttemptEvent.Started()));
    private static final PredictionInput CANCEL = new PredictionInput.CancelRequested(ASKED);

    private static PredictionInput accepted(@Nullable Webhook webhook) {
        return new PredictionInput.JobAccepted(Samples.job(ID, webhook));
    }

    @Test
    void shouldPublishCreationStartAndEndInOrderWhenAnAttemptSucceeds() {
        Life life = Life.of(accepted(null), START, reported(event(ID, 1, 4, succeeded(STARTED, "hello"))));

        assertThat(life.changes()).containsExactly(null, WebhookEvent.START, WebhookEvent.COMPLETED);
        assertThat(life.published()).extracting(it -> it.state().sequence()).containsExactly(0L, 1L, 2L);
        assertThat(life.published()).extracting(it -> it.state().status()).containsExactly(
                PredictionStatus.STARTING, PredictionStatus.PROCESSING, PredictionStatus.SUCCEEDED);
        Result result = life.known().result();
        assertThat(result.output()).hasToString("\"hello\"");
        assertThat(result.logs()).isEqualTo("done\n");
        assertThat(result.startedAt()).isEqualTo(STARTED);
        assertThat(result.completedAt()).isEqualTo(CREATED.plusSeconds(4));
        assertThat(result.metrics()).hasToString("{\"predict_time\":1.5,\"total_time\":4.0}");
        assertThat(life.known().attempts().tally().count()).isEqualTo(1);
    }

    @Test
    void shouldMakeBothMovesWhenAnAttemptEndsWithoutSayingThatItStarted() {
        Life life = Life.of(accepted(null), reported(event(ID, 1, 4, succeeded(STARTED, "hello"))));

        assertThat(life.changes()).containsExactly(null, WebhookEvent.START, WebhookEvent.COMPLETED);
        Known started = life.published().get(1).state();
        assertThat(started.status()).isEqualTo(PredictionStatus.PROCESSING);
        assertThat(started.result()).isEqualTo(Result.begun(STARTED));
        assertThat(started.attempts().current()).isEqualTo(attempt(1));
    }

    @Test
    void shouldNotPretendAStartWhenTheModelNeverBegan() {
        Life life = Life.of(accepted(null), reported(event(ID, 1, 4, failed(null, "no such image"))));

        assertThat(life.changes()).containsExactly(null, WebhookEvent.COMPLETED);
        assertThat(life.known().status()).isEqualTo(PredictionStatus.FAILED);
        assertThat(life.known().result().error()).isEqualTo("no such image");
        assertThat(life.known().result().startedAt()).isNull();
    }

    @Test
    void shouldKeepTheFirstEndWhenAnotherFollows() {
        Life life = Life.of(
                accepted(null), START,
                reported(event(ID, 1, 4, failed(STARTED, "boom"))),
                reported(event(ID, 2, 5, succeeded(STARTED, "late"))),
                CANCEL,
                reported(event(ID, 3, 6, new AttemptEvent.Started())));

        assertThat(life.known().status()).isEqualTo(PredictionStatus.FAILED);
        assertThat(life.refused()).containsExactly(Reason.LATE, Reason.LATE, Reason.LATE);
    }

    @Test
    void shouldLetAnOlderAttemptEndThePredictionWhenItIsFirst() {
        Life life = Life.of(
                accepted(null), START,
                reported(event(ID, 2, 3, new AttemptEvent.Started())),
                reported(event(ID, 1, 4, succeeded(STARTED, "from the first"))));

        assertThat(life.known().result().output()).hasToString("\"from the first\"");
        assertThat(life.known().attempts().current()).isEqualTo(attempt(1));
        assertThat(life.outcomes()).containsExactly(AttemptOutcome.SUCCEEDED, AttemptOutcome.CANCELED);
    }

    @Test
    void shouldForgetTheOutputOfTheOldAttemptWhenANewOneStarts() {
        Life life = Life.of(
                accepted(EVERYTHING), START,
                reported(event(ID, 1, 3, output(0, "a", "b"))),
                reported(event(ID, 2, 4, new AttemptEvent.Started())),
                reported(event(ID, 1, 5, output(2, "c"))),
                reported(event(ID, 1, 5, new AttemptEvent.Started())),
                reported(event(ID, 2, 6, output(0, "x"))));

        assertThat(life.known().result().output()).hasToString("[\"x\"]");
        assertThat(life.known().result().startedAt()).isEqualTo(CREATED.plusSeconds(4));
        assertThat(life.refused()).containsExactly(Reason.OLDER_ATTEMPT, Reason.OLDER_ATTEMPT);
        assertThat(life.changes())
                .as("the start is announced once")
                .containsExactly(null, WebhookEvent.START, WebhookEvent.OUTPUT, null, WebhookEvent.OUTPUT);
    }

    @Test
    void shouldDropWhatIsKnownWhenOutputAndLogsAreRepeated() {
        Life life = Life.of(
                accepted(null), START,
                reported(event(ID, 1, 3, output(0, "a", "b"))),
                reported(event(ID, 1, 3, output(0, "a", "b"))),
                reported(event(ID, 1, 3, output(1, "b", "c"))),
                reported(event(ID, 1, 3, output(7, "z"))),
                reported(event(ID, 1, 3, new AttemptEvent.LogsAppended(0, "one\n"))),
                reported(event(ID, 1, 3, new AttemptEvent.LogsAppended(0, "one\n"))),
                reported(event(ID, 1, 3, new AttemptEvent.LogsAppended(2, "e\ntwo\n"))));

        assertThat(life.known().result().output()).hasToString("[\"a\",\"b\",\"c\"]");
        assertThat(life.known().result().logs()).isEqualTo("one\ntwo\n");
        assertThat(life.refused()).containsExactly(Reason.DUPLICATE, Reason.GAP, Reason.DUPLICATE);
    }

    @Test
    void shouldPublishProgressOnlyWhenTheWebhookAsksForIt() {
        PredictionInput[] rest = {
            START, reported(event(ID, 1, 3, output(0, "a"))),
            reported(event(ID, 1, 3, new AttemptEvent.LogsAppended(0, "log")))
        };
        Life byDefault = Life.of(accepted(new Webhook("https://example.com", null)));
        Life without = Life.of(accepted(null));
        for (PredictionInput input : rest) {
            byDefault.then(input);
            without.then(input);
        }

        assertThat(byDefault.changes()).containsExactly(null, WebhookEvent.START, WebhookEvent.OUTPUT);
        assertThat(without.changes()).containsExactly(null, WebhookEvent.START);
        JsonNode output = without.known().result().output();
        assertThat(output).hasToString("[\"a\"]");
    }

    @Test
    void shouldCancelAtOnceWhenItIsQueued() {
        Life life = Life.of(accepted(null), CANCEL);

        assertThat(life.known().status()).isEqualTo(PredictionStatus.CANCELED);
        assertThat(life.known().result().completedAt()).isEqualTo(ASKED);
        assertThat(life.known().result().metrics()).hasToString("{\"total_time\":1.5}");
        assertThat(life.changes()).containsExactly(null, WebhookEvent.COMPLETED);
    }

    @Test
    void shouldOnlyMarkTheCancellationWhenItRuns() {
        Life life = Life.of(accepted(null), START, CANCEL, CANCEL);

        assertThat(life.known().status()).isEqualTo(PredictionStatus.PROCESSING);
        assertThat(life.known().cancelRequestedAt()).isEqualTo(ASKED);
        assertThat(life.refused()).containsExactly(Reason.DUPLICATE);

        life.then(reported(event(ID, 1, 4, canceled(STARTED))));

        assertThat(life.known().status()).isEqualTo(PredictionStatus.CANCELED);
    }

    @Test
    void shouldCancelAtOnceWhenTheCancellationCameBeforeTheJob() {
        Life life = Life.of(CANCEL, CANCEL, accepted(null));

        assertThat(life.known().status()).isEqualTo(PredictionStatus.CANCELED);
        assertThat(life.changes()).containsExactly(null, WebhookEvent.COMPLETED);
    }

    @Test
    void shouldShowNothingUntilTheJobIsKnown() {
        Life life = Life.of(START, reported(event(ID, 1, 4, succeeded(STARTED, "hello"))));

        assertThat(life.published()).isEmpty();

        life.then(accepted(null));

        assertThat(life.changes()).containsExactly(null, WebhookEvent.START, WebhookEvent.COMPLETED);
        assertThat(life.known().status()).isEqualTo(PredictionStatus.SUCCEEDED);
    }

    @Test
    void shouldRememberTheEndWhenThereIsTooMuchProgressBeforeTheJob() {
        Life life = Life.of(START);
        for (int i = 0; i < PredictionLife.MAX_EARLY + 10; i++) {
            life.then(reported(event(ID, 1, 3, output(i, "x"))));
        }
        life.then(reported(event(ID, 1, 4, succeeded(STARTED, "hello"))));
        life.then(accepted(null));

        assertThat(life.refused()).hasSize(11).containsOnly(Reason.TOO_EARLY);
        assertThat(life.known().status()).isEqualTo(PredictionStatus.SUCCEEDED);
    }

    @Test
    void shouldIgnoreTheSecondJobRecordWhenItIsRepeated() {
        Life life = Life.of(accepted(null), START, accepted(null));

        assertThat(life.known().status()).isEqualTo(PredictionStatus.PROCESSING);
        assertThat(life.refused()).containsExactly(Reason.DUPLICATE);
    }

    @Test
    void shouldEndAsFailedWithAReasonWhenTheOutputIsTooLarge() {
        PredictionInput large = reported(event(ID, 1, 4, succeeded(STARTED, "x".repeat(100))));

        Life life = Life.of(accepted(null), START, SizeRule.smaller(large, 16 << 20).orElseThrow());

        assertThat(life.known().status()).isEqualTo(PredictionStatus.FAILED);
        assertThat(life.known().result().error()).contains("larger than 16 MiB");
        assertThat(SizeRule.smaller(START, 1)).isEmpty();
    }
}
