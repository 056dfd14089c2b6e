package dev.auspex.router.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.router.Samples;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CompletionWaitersTest {

    private final CompletionWaiters waiters = new CompletionWaiters();
    private final PredictionView view =
            new PredictionView(Samples.id(1), new byte[0], PredictionStatus.SUCCEEDED, 2, null);

    @Test
    void shouldTellEverybodyWhoWaitsWhenAPredictionEnds() {
        CompletableFuture<PredictionView> one = waiters.register(Samples.ACCOUNT, Samples.id(1));
        CompletableFuture<PredictionView> two = waiters.register(Samples.ACCOUNT, Samples.id(1));
        CompletableFuture<PredictionView> other = waiters.register(new AccountId("rival"), Samples.id(1));

        waiters.completed(Samples.ACCOUNT, Samples.id(1), () -> view);

        assertThat(one).isCompletedWithValue(view);
        assertThat(two).isCompletedWithValue(view);
        assertThat(other).isNotDone();
        assertThat(waiters.size()).isEqualTo(1);
    }

    @Test
    void shouldKeepNothingWhenSomebodyStopsWaiting() {
        waiters.register(Samples.ACCOUNT, Samples.id(1)).cancel(false);

        assertThat(waiters.size()).isZero();
        waiters.completed(Samples.ACCOUNT, Samples.id(1), () -> {
            throw new AssertionError("nobody asked");
        });
    }
}
