package dev.auspex.executor.models.scene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.executor.cuda.CudaStandIn;
import dev.auspex.executor.video.TestFfmpeg;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel and its Java twin agree, and the host code around the kernel works: on the test double, without a GPU. */
class CudaSceneRendererTest {

    private static final Pattern LINE = Pattern.compile("compared .*: mean ([0-9.]+), far ([0-9.]+)");

    @TempDir
    private static Path folder;

    @Test
    void shouldMakeTheSameFramesAsJavaWhenTheKernelRuns() throws Exception {
        Path standIn = CudaStandIn.build();

        var result = CudaStandIn.java(standIn, Map.of(), CompareScenesMain.class, folder.toString(), TestFfmpeg.path().toString());

        assertThat(result.code()).as(result.output()).isZero();
        List<MatchResult> frames = LINE.matcher(result.output()).results().toList();
        assertThat(frames).as(result.output()).hasSize(TestScenes.PROMPTS.size());
        assertThat(frames).allSatisfy(frame -> {
            // Where a ray grazes an edge, the last bit of a sine decides what it meets.
            assertThat(Double.parseDouble(frame.group(1))).as(frame.group()).isLessThan(0.1);
            assertThat(Double.parseDouble(frame.group(2))).as(frame.group()).isLessThan(0.01);
        });
        assertThat(result.output()).as("a cancel is heard between two bands").contains("canceled at band 2");
        assertThat(result.output()).contains("made video/mp4 on Stand-in (test double)");
    }
}
