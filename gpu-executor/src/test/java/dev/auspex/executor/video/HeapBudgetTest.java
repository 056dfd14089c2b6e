package dev.auspex.executor.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.model.CanceledException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class HeapBudgetTest {

    private static final long MIB = 1 << 20;

    private final HeapBudget budget = new HeapBudget(10 * MIB);
    private final CountDownLatch waits = new CountDownLatch(1);

    @Test
    void shouldWaitForWhatOthersHoldWhenTooLittleIsLeft() throws Exception {
        HeapBudget.Share first = budget.take(4 * MIB, () -> {});
        CompletableFuture<HeapBudget.Share> second = taking(10 * MIB, waits::countDown);
        waits.await();
        assertThat(second).isNotDone();

        first.close();

        second.get().close();
        budget.take(10 * MIB, () -> {}).close();
    }

    @Test
    void shouldStopWaitingWhenTheJobIsCanceled() throws Exception {
        try (HeapBudget.Share all = budget.take(10 * MIB, () -> {})) {
            CompletableFuture<HeapBudget.Share> second = taking(MIB, () -> {
                throw new CanceledException();
            });

            assertThatThrownBy(second::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(CanceledException.class);
        }
        budget.take(10 * MIB, () -> {}).close();
    }

    private CompletableFuture<HeapBudget.Share> taking(long bytes, Checkpoint checkpoint) {
        CompletableFuture<HeapBudget.Share> taken = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                taken.complete(budget.take(bytes, checkpoint));
            } catch (CanceledException e) {
                taken.completeExceptionally(e);
            }
        });
        return taken;
    }
}
