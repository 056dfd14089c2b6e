package dev.auspex.executor.run;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slot, for people who look at a worker. Immutable.
 *
 * @param slot its name
 * @param job what runs in it; {@code null} for nothing
 * @param models what is loaded in it
 * @param problem why it takes no jobs; {@code null} if it does
 */
public record Seat(String slot, @Nullable Running job, List<Resident> models, @Nullable String problem) {

    /** Copies the list. */
    public Seat {
        models = List.copyOf(models);
    }

    /**
     * A job that runs.
     *
     * @param prediction what for
     * @param account whose
     * @param model what is run
     * @param attempt by whose id
     * @param round how often the router had put it into a queue again
     * @param since when the model began; {@code null} while it is set up
     */
    public record Running(
            PredictionId prediction, AccountId account, ModelName model, String attempt, int round, @Nullable Instant since) {

        /** What an attempt is. */
        public static Running of(Attempt attempt) {
            return new Running(
                    attempt.job().id(),
                    attempt.job().account(),
                    attempt.job().model(),
                    attempt.id().value(),
                    attempt.job().attempt(),
                    attempt.startedAt());
        }
    }
}
