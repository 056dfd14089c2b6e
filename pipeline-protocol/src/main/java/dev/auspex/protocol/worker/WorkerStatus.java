package dev.auspex.protocol.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Runner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an executor stands: the value of a {@code workers} record, keyed by executor id; one without value says that the
 * executor has stopped in good order. Immutable.
 *
 * @param executor the process
 * @param version what it runs; {@code null} if it was not built as a release
 * @param startedAt when it started
 * @param at when it said this
 * @param classes what it serves
 * @param problems why it takes no jobs; empty when it does
 * @param cogServers where it runs models of Cog, or is to; none in older records
 */
public record WorkerStatus(
        ExecutorId executor,
        @Nullable String version,
        Instant startedAt,
        Instant at,
        List<Served> classes,
        List<String> problems,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<CogServer> cogServers) {

    /** How often an executor says how it stands. */
    public static final Duration EVERY = Duration.ofSeconds(3);
    /** One that has been silent for so long is probably gone. */
    public static final Duration LOST_AFTER = EVERY.multipliedBy(5);

    /** Copies the lists. */
    @SuppressWarnings("NullAway") // Jackson passes null for what is missing
    public WorkerStatus {
        classes = List.copyOf(classes);
        problems = List.copyOf(problems);
        cogServers = cogServers == null ? List.of() : List.copyOf(cogServers);
    }

    /**
     * One hardware class.
     *
     * @param device {@code null} for none
     */
    public record Served(HardwareClass hardware, @Nullable Device device, List<Slot> slots) {
        /** Copies the list. */
        public Served {
            slots = List.copyOf(slots);
        }
    }

    /**
     * A device.
     *
     * @param name as its driver says
     * @param memoryBytes all of its memory
     */
    public record Device(String name, long memoryBytes) {}

    /**
     * Room for one job at a time.
     *
     * @param name unique in the executor
     * @param job what runs in it; {@code null} for nothing
     * @param models what is loaded in it
     * @param problem why it takes no jobs; {@code null} if it does
     */
    public record Slot(String name, @Nullable Running job, List<Loaded> models, @Nullable String problem) {
        /** Copies the list. */
        public Slot {
            models = List.copyOf(models);
        }
    }

    /**
     * A job that runs.
     *
     * @param prediction what for
     * @param account whose
     * @param model what is run
     * @param round how often the router had put it into a queue again
     * @param since when the model began; {@code null} while it is set up
     */
    public record Running(
            PredictionId prediction, AccountId account, ModelName model, int round, @Nullable Instant since) {}

    /**
     * A model that is loaded.
     *
     * @param model its name
     * @param state {@code ready} or {@code broken}
     * @param setupSeconds how long setting it up took
     * @param deviceBytes what it says it takes
     * @param warm whether it always stays
     */
    public record Loaded(String model, String state, double setupSeconds, long deviceBytes, boolean warm) {}

    /**
     * A Cog server: one that the executor starts, or one that somebody else runs and it uses.
     *
     * @param runner its image or address
     * @param gpu whether its container gets the device
     * @param state Cog's word for how it is, in lower case; {@code waiting} if it has to wait for others to end before it is
     *     started, {@code absent} if nobody answers
     * @param since when that began
     * @param warm whether it is kept ready, or made ready again as soon as it can be
     * @param predictions how many it runs for this executor
     * @param problem why it could not be used when that was tried last; {@code null} if it could
     */
    public record CogServer(
            Runner runner,
            boolean gpu,
            String state,
            Instant since,
            boolean warm,
            int predictions,
            @Nullable String problem) {}
}
