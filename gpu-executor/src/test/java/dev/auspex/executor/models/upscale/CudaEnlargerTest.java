package dev.auspex.executor.models.upscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.executor.cuda.CudaStandIn;
import dev.auspex.executor.video.TestFfmpeg;
import dev.auspex.executor.video.TestPictures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernels and their Java twins agree, and the host code around the kernels works: on the test double, without a GPU. */
class CudaEnlargerTest {

    private static final Pattern LINE = Pattern.compile("compared .*: largest (\\d+), different ([0-9.]+)");

    @TempDir
    private static Path folder;

    @Test
    void shouldMakeTheSamePictureAsJavaWhenTheKernelsRun() throws Exception {
        Path standIn = CudaStandIn.build();
        Path picture = TestPictures.write(TestPictures.landscape(121, 80), folder.resolve("photo.png"));
        Path video = TestVideos.make(folder.resolve("film.mp4"), "testsrc2=s=64x36:r=10:d=0.5");

        var result = CudaStandIn.java(standIn, Map.of(), CompareEnlargersMain.class, picture.toString(), folder.toString(), TestFfmpeg.path().toString(), video.toString());

        assertThat(result.code()).as(result.output()).isZero();
        List<MatchResult> pictures = LINE.matcher(result.output()).results().toList();
        assertThat(pictures).as(result.output()).hasSize(5);
        assertThat(pictures).allSatisfy(one -> {
            assertThat(Integer.parseInt(one.group(1))).as(one.group()).isLessThanOrEqualTo(1);
            assertThat(Double.parseDouble(one.group(2))).as(one.group()).isLessThan(0.005);
        });
        assertThat(result.output()).contains("made image/png on Stand-in (test double)").contains("made video/mp4");
    }
}
