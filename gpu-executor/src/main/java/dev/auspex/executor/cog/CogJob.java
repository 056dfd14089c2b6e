package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.CanceledException;
import dev.auspex.model.PredictionContext;
import java.util.function.BooleanSupplier;

/**
 * What a Cog server is to run.
 *
 * @param id new for every attempt: a server forgets an id when its run ends and would run it again
 * @param input as the client gave it
 * @param context where output and logs go
 * @param files for what the input names
 * @param calls back to the attempt
 */
public record CogJob(String id, ObjectNode input, PredictionContext context, CogFiles files, Calls calls) {

    /**
     * Back to the attempt.
     *
     * @param late whether it is too late to begin
     * @param begun called when the model runs
     * @param abandoned whether nobody waits for an end any more: the process stops
     */
    public record Calls(BooleanSupplier late, Runnable begun, BooleanSupplier abandoned) {}

    /** @throws CanceledException if it must not begin, or no longer */
    void checkBeforeStart() throws CanceledException {
        context.checkCanceled();
        if (calls.late().getAsBoolean()) {
            throw new CanceledException();
        }
    }
}
