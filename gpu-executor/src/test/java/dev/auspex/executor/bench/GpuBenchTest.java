package dev.auspex.executor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.executor.cuda.CudaStandIn;
import dev.auspex.executor.models.text.TestTexts;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every table is there, on the test double and without a device; its numbers mean nothing here. */
class GpuBenchTest {

    @TempDir
    private static Path folder;

    @Test
    void shouldPrintEveryTableWhenADeviceIsThere() throws Exception {
        String printed = bench(CudaStandIn.build());

        assertThat(printed).contains("GPU: Stand-in (test double)");
        assertThat(printed).containsPattern("\\| scene \\| [0-9.]+ \\|").containsPattern("\\| copy_numbers, 16 MB \\| [0-9.]+ \\| [0-9.]+ \\|");
        assertThat(printed).containsPattern("\\| enlarge_plane to 16x16 \\| [0-9.]+ \\| [0-9.]+ \\([0-9]+ %\\)").contains("| denoise_planes 8x8 ");
        assertThat(printed).contains("| mat_vec ").contains("| attend ").contains("| rope_keep ").contains("| rms_norm ").contains("| swiglu ");
        assertThat(printed).as("what ran in which model, and for how much of the time")
                .containsPattern("\\| scene-video ocean \\| 16x16 \\| [0-9.]+ frames \\| [0-9.]+ % \\| render_scene [0-9]+ x [0-9.]+ \\|")
                .containsPattern("\\| motion-video zoom-in \\| 16x16 \\| [0-9.]+ frames \\| [0-9.]+ % \\| warp_plane [0-9]+ x [0-9.]+ \\|")
                .containsPattern("\\| upscale x2, denoise, video \\| 16x16 \\| [0-9.]+ frames \\| [0-9.]+ % \\| denoise_planes [0-9]+ x [0-9.]+, enlarge_plane [0-9]+ x [0-9.]+ \\|")
                .containsPattern("\\| tiny-text \\| [^|]+ \\| [0-9.]+ tokens \\| [0-9.]+ % \\| recorded work [0-9]+ x")
                .containsPattern("\\| motion-video zoom-in, 4 slots \\| 16x16 \\| [0-9.]+ frames \\| [0-9.]+ % \\|");
        assertThat(printed).contains("on the GPU, encoding included").contains("on processors, encoding included").contains("| ffmpeg scale=lanczos x2 | 16x16 |");
        assertThat(printed).doesNotContain("NaN");
    }

    @Test
    void shouldSayThatThereIsNoneAndMeasureTheRestWhenNoDeviceIsThere() throws Exception {
        String printed = bench(folder.resolve("nothing"));

        assertThat(printed).contains("GPU: no NVIDIA driver: libcuda.so.1 was not found; nothing is measured on one");
        assertThat(printed).containsPattern("\\| scene-video planet \\| 16x16 \\| [0-9.]+ frames \\|").containsPattern("\\| tiny-text \\| [^|]+ \\| [0-9.]+ tokens \\|");
        assertThat(printed).doesNotContain("on the GPU").doesNotContain("device busy").doesNotContain("NaN");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--sizes 0x10 | --sizes: expected even sides from 16 to 4096 such as 1280x720, got 0x10",
        "--sizes 17x16 | --sizes: expected even sides from 16 to 4096 such as 1280x720, got 17x16",
        "--sizes 99999x16 | --sizes: expected even sides from 16 to 4096 such as 1280x720, got 99999x16",
        "--sizes | --sizes needs a value",
        "--seconds NaN | --seconds: expected 0 to 60, got NaN",
        "--seconds -1 | --seconds: expected 0 to 60, got -1",
        "--fast | there is no option '--fast'"
    })
    void shouldNameTheOptionWhenItCannotBe(String line, String message) {
        assertThatThrownBy(() -> BenchOptions.parse(line.split(" "))).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private static String bench(Path library) throws Exception {
        var result = CudaStandIn.java(library, Map.of("AUSPEX_TINY_TEXT", TestTexts.smallModel(folder).toString()), GpuBench.class, "--sizes", "16x16", "--seconds", "0");
        assertThat(result.code()).as(result.output()).isZero();
        return result.output();
    }
}
