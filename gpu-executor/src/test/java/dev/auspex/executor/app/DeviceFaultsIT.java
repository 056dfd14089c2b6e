package dev.auspex.executor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.executor.cuda.CudaStandIn;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ExitCodes;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whole executors on the stand-in for NVIDIA's driver, which fails as it is told. */
@ExtendWith(KafkaExtension.class)
class DeviceFaultsIT {

    private static final HardwareClass GPU = new HardwareClass("gpu-h100");
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ExecutorHarness harness;
    private Path standIn;

    @BeforeEach
    void open(KafkaClients kafka, Topics topics) throws Exception {
        standIn = CudaStandIn.build();
        harness = new ExecutorHarness(kafka, topics, folder.resolve("harness"));
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void shouldMakeFramesWithTheKernelsWhenADeviceIsThere() throws Exception {
        Job job = scene();
        try (ExecutorProcess executor = executor("healthy", Map.of())) {
            harness.submit(job).get();

            assertThat(end(job, executor)).isInstanceOf(AttemptEvent.Succeeded.class);
            assertThat(logs(job)).anyMatch(line -> line.contains("Stand-in (test double)"));
        }
    }

    @Test
    void shouldHandTheJobOnAndLeaveWhenAKernelLosesTheContext() throws Exception {
        Job job = scene();
        // CUDA_ERROR_ILLEGAL_ADDRESS
        try (ExecutorProcess executor = executor("broken", Map.of("CUDA_STANDIN_FAIL", "kernel:700"))) {
            harness.submit(job).get();

            AttemptEvent.Failed failed = (AttemptEvent.Failed) end(job, executor);
            assertThat(failed.retryable()).isTrue();
            assertThat(failed.workerLost()).isTrue();
            assertThat(failed.error()).isEqualTo("the worker lost its device");
            assertThat(executor.awaitExit()).as(executor.output()).isEqualTo(ExitCodes.RESTART);
            assertThat(executor.output()).contains("CUDA error 700");
        }
        Job next = scene();
        try (ExecutorProcess executor = executor("broken", Map.of())) {
            harness.submit(next).get();

            assertThat(end(next, executor)).isInstanceOf(AttemptEvent.Succeeded.class);
        }
    }

    @Test
    void shouldFailTheJobAndGoOnWhenDeviceMemoryIsShort() throws Exception {
        Job job = scene();
        // CUDA_ERROR_OUT_OF_MEMORY
        try (ExecutorProcess executor = executor("full", Map.of("CUDA_STANDIN_FAIL", "cuMemAlloc:2"))) {
            harness.submit(job).get();

            AttemptEvent.Failed failed = (AttemptEvent.Failed) end(job, executor);
            assertThat(failed.error()).contains("memory");
            assertThat(failed.workerLost()).isFalse();
            assertGoesOn(executor);
        }
    }

    @Test
    void shouldFailTheJobAndGoOnWhenTheDriverDoesNotTakeTheKernels() throws Exception {
        Job job = scene();
        // CUDA_ERROR_UNSUPPORTED_PTX_VERSION
        try (ExecutorProcess executor = executor("old", Map.of("CUDA_STANDIN_FAIL", "cuModuleLoadDataEx:222"))) {
            harness.submit(job).get();

            AttemptEvent.Failed failed = (AttemptEvent.Failed) end(job, executor);
            assertThat(failed.error()).contains("222");
            assertGoesOn(executor);
        }
    }

    @Test
    void shouldAskToBeStartedAgainWhenANamedClassHasNoDeviceYet() throws Exception {
        try (ExecutorProcess executor = executor("early", Map.of("CUDA_STANDIN_DEVICES", "0"))) {
            assertThat(executor.awaitExit()).as(executor.output()).isEqualTo(ExitCodes.RESTART);
            assertThat(executor.output()).contains("executor.hardware (AUSPEX_EXECUTOR_HARDWARE): is 'gpu-h100'");
        }
    }

    private ExecutorProcess executor(String name, Map<String, String> driver) throws Exception {
        Map<String, String> settings = new HashMap<>(driver);
        settings.put("AUSPEX_EXECUTOR_HARDWARE", GPU.value());
        settings.put("LD_LIBRARY_PATH", standIn.toString());
        return ExecutorProcess.start(harness, folder.resolve(name), settings);
    }

    private void assertGoesOn(ExecutorProcess executor) throws Exception {
        Job other = harness.job(new Runner.Builtin("echo"), ExecutorHarness.echo("still here", 0, 0), GPU);
        harness.submit(other).get();
        assertThat(end(other, executor)).isInstanceOf(AttemptEvent.Succeeded.class);
    }

    private Job scene() {
        return harness.job(
                new Runner.Builtin("scene-video"),
                Json.object().put("prompt", "spheres").put("seed", 7).put("width", 16).put("height", 16).put("seconds", 0.1).put("fps", 10),
                GPU);
    }

    private AttemptEvent.Terminal end(Job job, ExecutorProcess executor) {
        await().atMost(SOON).untilAsserted(() -> assertThat(harness.ends(job.id())).as(executor.output()).hasSize(1));
        return harness.ends(job.id()).getFirst();
    }

    private List<String> logs(Job job) {
        return harness.bodies(job.id()).stream()
                .filter(AttemptEvent.LogsAppended.class::isInstance)
                .flatMap(body -> ((AttemptEvent.LogsAppended) body).text().lines())
                .toList();
    }
}
