package dev.auspex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole benchmark against a server that misbehaves on purpose: what it promises to notice, it notices. */
class BenchIT {

    private static final int COUNT = 400;

    @TempDir
    private Path folder;

    @Test
    void shouldEndWithZeroWhenEverythingArrives() throws Exception {
        Run run = bench(number -> EchoServer.Fate.DELIVERED);

        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.tally().get("completed").asInt()).isEqualTo(COUNT);
        assertThat(run.tally().get("lost").asInt()).isZero();
        assertThat(run.report().get("signatures_checked").asInt()).isPositive();
        assertThat(run.output()).contains("clean").doesNotContain("NOT CLEAN");
    }

    @Test
    void shouldCountTheLostWhenWebhooksStayOut() throws Exception {
        Run run = bench(number -> number % 100 == 7 ? EchoServer.Fate.LOST : EchoServer.Fate.DELIVERED);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.tally().get("lost").asInt()).isEqualTo(COUNT / 100);
        assertThat(run.output()).contains("NOT CLEAN");
    }

    @Test
    void shouldOnlyCountRepeatsWhenTheyCarryTheSameMessageId() throws Exception {
        Run run = bench(number -> number % 100 == 7 ? EchoServer.Fate.REPEATED : EchoServer.Fate.DELIVERED);

        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.tally().get("repeated").asInt()).isEqualTo(COUNT / 100);
    }

    @Test
    void shouldFailWhenAPredictionCompletesUnderTwoMessageIds() throws Exception {
        Run run = bench(number -> number == COUNT - 1 ? EchoServer.Fate.CONTRADICTED : EchoServer.Fate.DELIVERED);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.tally().get("contradicted").asInt()).isEqualTo(1);
    }

    @Test
    void shouldFailWhenSignaturesAreWrong() throws Exception {
        Run run = bench(number -> EchoServer.Fate.MISSIGNED);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.report().get("signatures_wrong").asInt())
                .isPositive()
                .isEqualTo(run.report().get("signatures_checked").asInt());
    }

    @Test
    void shouldFailAndShowTheAnswerWhenSubmissionsAreRefused() throws Exception {
        Run run = bench(number -> number % 50 == 7 ? EchoServer.Fate.REFUSED : EchoServer.Fate.DELIVERED);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.tally().get("refused").asInt()).isEqualTo(COUNT / 50);
        assertThat(run.tally().get("lost").asInt()).isZero();
        assertThat(run.output()).contains("503 {\"detail\":\"refused on purpose\"}");
    }

    @Test
    void shouldFailWhenPredictionsDoNotSucceed() throws Exception {
        Run run = bench(number -> number == 3 ? EchoServer.Fate.FAILED : EchoServer.Fate.DELIVERED);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.tally().get("unsuccessful").asInt()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheRateWhenTheLoopIsOpen() throws Exception {
        try (EchoServer server = EchoServer.start(number -> EchoServer.Fate.DELIVERED)) {
            Run run = run(server, "--count", "0", "--rates", "100", "--seconds", "2", "--submits", "50");

            assertThat(run.code()).as(run.output()).isZero();
            JsonNode open = run.report().get("phases").get(0);
            assertThat(open.at("/tally/completed").asInt()).isEqualTo(200);
            assertThat(open.at("/speed/accepted").asDouble()).isBetween(80.0, 110.0);
            assertThat(open.at("/latency/webhook/count").asInt()).isEqualTo(200);
            assertThat(open.at("/latency/hops/completed_at → webhook/count").asInt()).isEqualTo(200);
            assertThat(run.report().get("phases").get(1).at("/tally/accepted").asInt()).isEqualTo(50);
        }
    }

    private Run bench(IntFunction<EchoServer.Fate> fates) throws Exception {
        try (EchoServer server = EchoServer.start(fates)) {
            return run(
                    server, "--count", Integer.toString(COUNT), "--connections", "8", "--rates", "0", "--submits", "0");
        }
    }

    private Run run(EchoServer server, String... options) throws Exception {
        Path json = folder.resolve("figures.json");
        List<String> all = new ArrayList<>(List.of(
                "--url", server.url(), "--token", "t", "--warmup", "0", "--patience", "1", "--json", json.toString()));
        all.addAll(List.of(options));
        StringWriter output = new StringWriter();
        int code = Bench.run(all.toArray(String[]::new), new PrintWriter(output));
        return new Run(code, output.toString(), Json.parse(Files.readAllBytes(json)));
    }

    private record Run(int code, String output, JsonNode report) {
        JsonNode tally() {
            return report.at("/phases/0/tally");
        }
    }
}
