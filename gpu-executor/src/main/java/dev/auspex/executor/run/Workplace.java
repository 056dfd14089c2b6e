package dev.auspex.executor.run;

import dev.auspex.executor.journal.Journal;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one slot.
 *
 * @param models set up in it; only its working thread
 * @param cell written down there while a model runs
 * @param current the attempt that is under way; {@code null} for none
 */
public record Workplace(LoadedModels models, Journal.Cell cell, AtomicReference<@Nullable Attempt> current) {

    /** A slot's. */
    public Workplace(LoadedModels models, Journal.Cell cell) {
        this(models, cell, new AtomicReference<>());
    }
}
