package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.chaos.ChaosPlan;
import dev.auspex.chaos.ChaosRun;
import dev.auspex.chaos.Course;
import dev.auspex.chaos.ServiceKind;
import dev.auspex.chaos.Verdict;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The brief tour of {@code ./auspex chaos}: a broker and two of each service as processes, started before Kafka is there;
 * under load one of each is killed at once, the broker is killed, and all services are killed and their local state deleted
 * at the same moment. {@code -Dauspex.seed=<n>} repeats the choices.
 */
@Order(2) // before the shared process takes its part of the machine
class ChaosIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void shouldKeepEveryPromiseWhenProcessesAreKilledUnderLoad() throws Exception {
        long seed = Long.getLong("auspex.seed", System.nanoTime() % 1_000_000);
        ChaosPlan plan = new ChaosPlan(
                Repository.root().resolve("auspex"), folder, seed, Course.Tour.BRIEF, EnumSet.allOf(ServiceKind.class), 6,
                Map.of());

        Verdict verdict = new ChaosRun(plan, line -> System.out.println("chaos: " + line)).run();

        System.out.println(verdict.text());
        assertThat(verdict.broken()).as(verdict.text()).isEmpty();
        assertThat(verdict.figures().get("accepted")).isGreaterThan(30);
        // A kill of each of five kinds, and both of each of four kinds wiped.
        assertThat(verdict.faults()).hasSize(13);
    }
}
