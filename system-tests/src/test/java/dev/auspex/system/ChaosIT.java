package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.chaos.ChaosPlan;
import dev.auspex.chaos.ChaosRun;
import dev.auspex.chaos.ServiceKind;
import dev.auspex.chaos.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short run of {@code ./auspex chaos}: a broker and two of each service as processes, started before Kafka is there;
 * under load one of each is killed at once, the broker is killed, an executor hangs, all services are restarted one after
 * the other, and all are killed and their local state deleted at the same moment. {@code -Dauspex.seed=<n>} repeats the choices.
 */
@Order(2) // before the shared process takes its part of the machine
class ChaosIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void shouldKeepEveryPromiseWhenProcessesAreKilledUnderLoad() throws Exception {
        long seed = Long.getLong("auspex.seed", System.nanoTime() % 1_000_000);
        ChaosPlan plan = new ChaosPlan(
                Repository.root().resolve("auspex"), folder, seed, Duration.ZERO, EnumSet.allOf(ServiceKind.class), 6, Map.of());

        Verdict verdict = new ChaosRun(plan, line -> System.out.println("chaos: " + line)).run();

        System.out.println(verdict.text());
        assertThat(verdict.broken()).as(verdict.text()).isEmpty();
        assertThat(verdict.figures().get("accepted")).isGreaterThan(50);
        // A kill of each of five kinds, a freeze; both of each of four kinds stopped, and both wiped.
        assertThat(verdict.faults()).hasSize(22);
    }
}
