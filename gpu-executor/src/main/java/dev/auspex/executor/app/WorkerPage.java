package dev.auspex.executor.app;

import dev.auspex.executor.run.Seat;
import dev.auspex.model.ModelEnvironment.GpuDevice;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.worker.WorkerStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a worker stands: the page {@code /worker}. Immutable.
 *
 * @param executor this process
 * @param startedAt when it started
 * @param heartbeat when the page was made
 * @param classes what it serves
 * @param problems why it is not ready; empty when it is
 * @param cogServers where it runs models of Cog, or is to
 */
record WorkerPage(
        ExecutorId executor,
        Instant startedAt,
        Instant heartbeat,
        List<Served> classes,
        List<String> problems,
        List<WorkerStatus.CogServer> cogServers) {

    WorkerPage {
        classes = List.copyOf(classes);
        problems = List.copyOf(problems);
        cogServers = List.copyOf(cogServers);
    }

    /**
     * One hardware class.
     *
     * @param device {@code null} for none
     */
    record Served(HardwareClass hardware, @Nullable GpuDevice device, List<Seat> slots) {
        Served {
            slots = List.copyOf(slots);
        }
    }
}
