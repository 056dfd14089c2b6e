package dev.auspex.executor.models.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.executor.cuda.CudaStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernels and their Java twin agree, and the host code around the kernels works: on the test double, without a GPU. */
class CudaTextEngineTest {

    private static final Pattern LINE = Pattern.compile("compared .*: largest ([0-9.]+)");

    @TempDir
    private static Path folder;

    @Test
    void shouldFindTheSamePiecesLikelyAsJavaWhenTheKernelsRun() throws Exception {
        Path log = folder.resolve("calls.log");

        compare(Map.of("CUDA_STANDIN_LOG", log.toString()));

        List<String> calls = Files.readAllLines(log).stream().map(line -> line.split(" ")[0]).toList();
        // Twelve steps of each of three models, and a text.
        assertThat(calls).filteredOn("graph"::equals).hasSizeGreaterThan(36);
        assertThat(calls.subList(calls.indexOf("graph"), calls.size()))
                .as("a step is queued with one call; what follows are its parts")
                .containsSubsequence("graph", "upload", "launch", "download", "record", "wait", "graph");
    }

    @Test
    void shouldFindTheSameWhenTheDriverDoesNotRecordSteps() throws Exception {
        // CUDA_ERROR_NOT_SUPPORTED
        compare(Map.of("CUDA_STANDIN_FAIL", "cuGraphInstantiate:801"));
    }

    private static void compare(Map<String, String> environment) throws Exception {
        Path standIn = CudaStandIn.build();
        TestTexts.tokenizer(folder.resolve("tokenizer.bin"));
        TestTexts.bin(TestTexts.random(9, 24, 40, 4, 2), folder.resolve("model.bin"));

        var result = CudaStandIn.java(standIn, environment, CompareEnginesMain.class, folder.toString());

        assertThat(result.code()).as(result.output()).isZero();
        List<MatchResult> models = LINE.matcher(result.output()).results().toList();
        assertThat(models).as(result.output()).hasSize(3);
        assertThat(models).allSatisfy(model -> assertThat(Double.parseDouble(model.group(1))).as(model.group()).isLessThan(1e-3));
        assertThat(result.output()).containsPattern("made \\d+ on Stand-in \\(test double\\)");
    }
}
