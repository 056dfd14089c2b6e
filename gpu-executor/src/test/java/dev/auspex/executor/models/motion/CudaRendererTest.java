package dev.auspex.executor.models.motion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.executor.cuda.CudaStandIn;
import dev.auspex.executor.video.TestFfmpeg;
import dev.auspex.executor.video.TestPictures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel and its Java twin agree, and the host code around the kernel works: on the test double, without a GPU. */
class CudaRendererTest {

    /** The two round differently in the last bits; a value on the border between two levels may fall to either side. */
    private static final int LARGEST_DIFFERENCE = 1;

    private static final double DIFFERENT_SHARE = 0.005;
    private static final Pattern LINE = Pattern.compile("compared .*: largest (\\d+), different ([0-9.]+)");

    @TempDir
    private static Path folder;

    private static Path standIn;
    private static Path picture;

    @BeforeAll
    static void prepare() throws Exception {
        standIn = CudaStandIn.build();
        picture = TestPictures.write(TestPictures.landscape(700, 420), folder.resolve("photo.png"));
    }

    @Test
    void shouldMakeTheSameFramesAsJavaWhenTheKernelRuns() throws Exception {
        var result = CudaStandIn.java(standIn, Map.of(), CompareRenderersMain.class, picture.toString());

        assertThat(result.code()).as(result.output()).isZero();
        List<MatchResult> frames = LINE.matcher(result.output()).results().toList();
        assertThat(frames).as(result.output()).hasSize(Motion.values().length * Fit.values().length * 2);
        assertThat(frames).allSatisfy(frame -> {
            assertThat(Integer.parseInt(frame.group(1))).as(frame.group()).isLessThanOrEqualTo(LARGEST_DIFFERENCE);
            assertThat(Double.parseDouble(frame.group(2))).as(frame.group()).isLessThan(DIFFERENT_SHARE);
        });
    }

    @Test
    void shouldMakeAVideoWhenADeviceIsThere() throws Exception {
        var result = predict(Map.of());

        assertThat(result.output()).contains("frames are made on: Stand-in (test double)").contains("made video/mp4");
    }

    @Test
    void shouldSayThatMemoryIsShortWhenTheDeviceHasNoMore() throws Exception {
        assertThat(predict(Map.of("CUDA_STANDIN_FAIL", "cuMemAlloc:2")).output()).contains("failed OUT_OF_MEMORY: taking ");
    }

    @Test
    void shouldSayThatTheContextIsLostWhenTheKernelFaults() throws Exception {
        assertThat(predict(Map.of("CUDA_STANDIN_FAIL", "kernel:700")).output())
                .contains("DeviceLostException: waiting for the device failed with CUDA error 700 (CUDA_ERROR_ILLEGAL_ADDRESS)");
    }

    @Test
    void shouldNotSetUpWhenTheDriverRefusesTheKernels() throws Exception {
        assertThat(predict(Map.of("CUDA_STANDIN_FAIL", "cuModuleLoadDataEx:222")).output()).contains("failed BAD_MODULE: loading kernels motion failed");
    }

    private static CudaStandIn.Result predict(Map<String, String> environment) throws Exception {
        return CudaStandIn.java(standIn, environment, PredictOnDeviceMain.class, picture.toString(), folder.toString(), TestFfmpeg.path().toString());
    }
}
