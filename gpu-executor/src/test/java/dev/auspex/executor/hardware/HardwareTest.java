package dev.auspex.executor.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.model.ModelEnvironment.GpuDevice;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.lifecycle.NotYetException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HardwareTest {

    private static final List<HardwareClass> ALL =
            classes("cpu", "gpu-t4", "gpu-l40s", "gpu-a100-large", "gpu-h100", "gpu-h200");

    @ParameterizedTest
    @CsvSource({
        "NVIDIA H200, gpu-h200",
        "NVIDIA H100 80GB HBM3, gpu-h100",
        "NVIDIA A100-SXM4-80GB, gpu-a100-large",
        "NVIDIA L40S, gpu-l40s",
        "Tesla T4, gpu-t4",
        "NVIDIA T400, gpu-t4", // unknown: the first GPU class there is
    })
    void shouldServeTheGpusClassAndCpuWhenAGpuIsFound(String device, String expected) {
        Hardware hardware = Hardware.choose("auto", ALL, probe(device));
        assertThat(hardware.classes()).isEqualTo(classes(expected, "cpu"));
        assertThat(hardware.gpuOf(new HardwareClass(expected))).isPresent();
        assertThat(hardware.gpuOf(Hardware.CPU)).isEmpty();
    }

    @Test
    void shouldServeCpuAndSayWhyWhenThereIsNoGpu() {
        Hardware hardware = Hardware.choose("auto", ALL, GpuProbe.none("no driver"));
        assertThat(hardware.classes()).isEqualTo(classes("cpu"));
        assertThat(hardware.reason()).contains("no driver");
    }

    @Test
    void shouldServeOnlyTheNamedClassWhenOneIsNamed() {
        assertThat(Hardware.choose("cpu", ALL, probe("NVIDIA H200")).classes()).isEqualTo(classes("cpu"));
        assertThat(Hardware.choose("gpu-h100", ALL, probe("NVIDIA H200")).classes()).isEqualTo(classes("gpu-h100"));
    }

    @Test
    void shouldRefuseWhenTheNamedClassCannotBeServed() {
        assertThatThrownBy(() -> Hardware.choose("gpu-x", ALL, probe("NVIDIA H200")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'gpu-x'");
        assertThatThrownBy(() -> Hardware.choose("gpu-h100", ALL, GpuProbe.none("no driver")))
                .as("another start may find it")
                .isInstanceOf(NotYetException.class)
                .hasMessageContaining("no driver");
    }

    private static GpuProbe probe(String name) {
        return () -> new GpuProbe.Detection(Optional.of(new GpuDevice(0, name, 1L << 34)), "driver 12.6");
    }

    private static List<HardwareClass> classes(String... names) {
        return Arrays.stream(names).map(HardwareClass::new).toList();
    }
}
