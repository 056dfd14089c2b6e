package dev.auspex.executor.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the probe says on machines with a driver and a device, without a device, and without a driver. */
class CudaProbeTest {

    private static Path standIn;

    @BeforeAll
    static void buildStandIn() throws Exception {
        standIn = CudaStandIn.build();
    }

    @Test
    void shouldDescribeTheDeviceWhenThereIsOne() throws Exception {
        var result = CudaStandIn.java(standIn, Map.of(), CudaProbeMain.class);

        assertThat(result.output())
                .contains("device Optional[GpuDevice[ordinal=0, name=Stand-in (test double), memoryBytes=67108864]]")
                .contains("reason Stand-in (test double), 64 MB, compute capability 9.0");
        assertThat(result.code()).isZero();
    }

    @Test
    void shouldSayThatThereIsNoDeviceWhenTheDriverHasNone() throws Exception {
        var result = CudaStandIn.java(standIn, Map.of("CUDA_STANDIN_DEVICES", "0"), CudaProbeMain.class);

        assertThat(result.output()).contains("device Optional.empty").contains("reason an NVIDIA driver without a device");
    }

    @Test
    void shouldPrintTheNumberWhenTheDriverFailsInAWayNobodyKnows() throws Exception {
        var result = CudaStandIn.java(standIn, Map.of("CUDA_STANDIN_FAIL", "cuInit:987"), CudaProbeMain.class);

        assertThat(result.output()).contains("reason the NVIDIA driver did not start: CUDA error 987");
    }

    @Test
    void shouldSayThatThereIsNoDriverWhenTheLibraryIsNotThere(@TempDir Path empty) throws Exception {
        org.junit.jupiter.api.Assumptions.assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "this machine has a driver");

        var result = CudaStandIn.java(empty, Map.of(), CudaProbeMain.class);

        assertThat(result.output())
                .contains("reason no NVIDIA driver: libcuda.so.1 was not found")
                .contains("again Optional.empty");
    }

    @Test
    void shouldNotLoadALibraryThatLiesInTheTemporaryFolderWhenItStarts(@TempDir Path shared) throws Exception {
        Path planted = Files.writeString(shared.resolve("libJCudaDriver-12.6.0-linux-x86_64.so"), "not a library");

        var result = CudaStandIn.java(
                standIn, Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + shared), CudaProbeMain.class);

        assertThat(result.output())
                .contains("device Optional[GpuDevice")
                .contains("tmpdir before " + shared)
                .contains("tmpdir after " + shared);
        assertThat(shared).isDirectoryContaining(file -> file.equals(planted)).isDirectoryNotContaining("glob:**auspex-cuda*");
    }
}
