package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {

    @TempDir
    private Path folder;

    @Test
    void shouldLiveAgainUnderTheSameProcessIdWhenAProcessAsksForIt() throws Exception {
        Path file = folder.resolve("lives");
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp", System.getProperty("java.class.path"),
                        RestartMain.class.getName(), file.toString(), Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("MARK", "kept");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        String life = process.pid() + " " + port + " locked kept";
        assertThat(Files.readAllLines(file)).as(Files.readString(folder.resolve("output"))).isEqualTo(List.of(life, life));
        assertThat(process.exitValue()).as("what the second life ended with").isEqualTo(7);
    }

    @Test
    void shouldWaitBeforeTheNextLifeWhenTheLastOneWasShort() {
        assertThat(Restart.pauseAfter(Duration.ofSeconds(59))).isPositive();
        assertThat(Restart.pauseAfter(Duration.ofSeconds(61))).isZero();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
