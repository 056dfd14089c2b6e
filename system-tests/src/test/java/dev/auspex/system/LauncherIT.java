package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.system.Api.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./auspex up} as its user meets it: start, stop, start again, and what it says when it cannot start. */
@ExtendWith(SharedAuspex.class)
class LauncherIT {

    /** A drained stop of an idle process; the promise is in the stop order, not in speed. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path data;

    @Test
    void shouldKeepStateAndTokenWhenItIsStoppedAndStartedAgain() throws Exception {
        Launch launch = Launch.on("restart", data).without("AUSPEX_TOKENS");
        String token;
        Reply before;
        try (RunningAuspex auspex = RunningAuspex.start(launch)) {
            token = Files.readString(data.resolve("token")).strip();
            Reply done = new Api(auspex.url(), token).send(
                    "POST", "/v1/models/auspex/echo/predictions",
                    java.util.Map.of("content-type", "application/json", "prefer", "wait"),
                    java.net.http.HttpRequest.BodyPublishers.ofString("{\"input\":{\"text\":\"kept\"}}"));
            assertThat(done.json().path("status").asText()).as(done.text()).isEqualTo("succeeded");
            before = new Api(auspex.url(), token).get("/v1/predictions/" + done.json().path("id").asText());
            assertThat(auspex.output()).as("what it prints").contains(auspex.url() + "/v1").contains(token).contains("curl");

            Instant asked = Instant.now();
            assertThat(auspex.interrupt()).as("exit code after Ctrl-C; output:%n%s", auspex.output()).isZero();
            assertThat(Duration.between(asked, Instant.now())).isLessThan(STOP_LIMIT);
        }

        try (RunningAuspex again = RunningAuspex.start(launch)) {
            Reply after = new Api(again.url(), token).get("/v1/predictions/" + before.json().path("id").asText());

            assertThat(after.status()).isEqualTo(200);
            assertThat(after.text()).isEqualTo(before.text());
            assertThat(Files.readString(data.resolve("token")).strip()).isEqualTo(token);
        }
    }

    @Test
    void shouldRunTheRequestItPrintsWhenThatIsPasted(RunningAuspex auspex) throws Exception {
        Matcher curl = Pattern.compile("(?ms)^ *curl .*?[^\\\\]$").matcher(auspex.output());
        assertThat(curl.find()).as("a curl in%n%s", auspex.output()).isTrue();

        Process shell = new ProcessBuilder("bash", "-c", curl.group()).redirectErrorStream(true).start();
        String answer = new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(shell.waitFor()).as("exit code of%n%s", curl.group()).isZero();
        assertThat(answer).contains("\"status\":\"succeeded\"").contains("Hello");
    }

    @Test
    void shouldSayWhatIsWrongWhenThePortIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));

            try (RunningAuspex auspex = RunningAuspex.begin(Launch.on("port-in-use", data).onPort(taken.getLocalPort()))) {
                assertThat(auspex.awaitExit()).as("exit code; output:%n%s", auspex.output()).isEqualTo(2);
                assertOneSentence(auspex.output(), Integer.toString(taken.getLocalPort()), "AUSPEX_HTTP_PORT");
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenTheDataFolderIsInUse(RunningAuspex running) throws Exception {
        Launch sameFolder = Launch.on("data-in-use", running.launch().data());

        try (RunningAuspex auspex = RunningAuspex.begin(sameFolder)) {
            assertThat(auspex.awaitExit()).as("exit code; output:%n%s", auspex.output()).isEqualTo(2);
            assertOneSentence(auspex.output(), running.launch().data().toString(), "AUSPEX_DATA");
        }
        assertThat(running.api("").get("/readyz").status()).as("the one that runs is not disturbed").isEqualTo(200);
    }

    @Test
    void shouldSayWhatIsWrongWhenTheDataFolderIsOfANewerVersion() throws Exception {
        Files.writeString(data.resolve("format"), "999\n");

        try (RunningAuspex auspex = RunningAuspex.begin(Launch.on("newer-format", data))) {
            assertThat(auspex.awaitExit()).as("exit code; output:%n%s", auspex.output()).isEqualTo(2);
            assertOneSentence(auspex.output(), data.toString(), "999");
        }
    }

    @Test
    void shouldNameEveryProblemWhenSettingsAreWrong() throws Exception {
        Launch wrong = Launch.on("bad-settings", data).with("AUSPEX_HTTP_PORTS", "1").with("AUSPEX_EXECUTOR_SLOTS", "many");

        try (RunningAuspex auspex = RunningAuspex.begin(wrong)) {
            assertThat(auspex.awaitExit()).as("exit code; output:%n%s", auspex.output()).isEqualTo(2);
            assertThat(auspex.output()).contains("AUSPEX_HTTP_PORTS").contains("AUSPEX_EXECUTOR_SLOTS").contains("many");
            assertThat(auspex.output()).doesNotContain("\tat ");
        }
    }

    private static void assertOneSentence(String output, String... parts) {
        assertThat(output.strip()).as("what it says").contains(parts).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(output.strip().lines()).as("lines in%n%s", output).hasSize(1);
    }
}
