package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * {@code ./auspex up} as a real process. Its output goes to a file under {@code target/auspex}. Closing kills what is left
 * of it, descendants first. One thread.
 */
final class RunningAuspex implements AutoCloseable {

    /** Long enough for a busy machine of two cores; an idle one needs a few seconds. */
    static final Duration READY_LIMIT = Duration.ofMinutes(4);

    static final Duration EXIT_LIMIT = Duration.ofSeconds(90);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Launch launch;
    private final Process process;
    private final Path output;

    private RunningAuspex(Launch launch, Process process, Path output) {
        this.launch = launch;
        this.process = process;
        this.output = output;
    }

    /** Starts it and returns at once. */
    static RunningAuspex begin(Launch launch) throws IOException {
        Path output = Repository.target("auspex").resolve(launch.name() + "-" + NUMBER.incrementAndGet() + ".log");
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/env")) && System.getProperty("os.name").equals("Linux")) {
            // A build that runs in the background of a shell ignores SIGINT, and children inherit that.
            command.addAll(List.of("/usr/bin/env", "--default-signal=INT"));
        }
        command.addAll(List.of(Repository.root().resolve("auspex").toString(), "up"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Repository.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(variable -> variable.startsWith("AUSPEX_"));
        environment.put("AUSPEX_HTTP_PORT", Integer.toString(launch.port()));
        environment.put("AUSPEX_DATA", launch.data().toString());
        // The build that runs these tests has just packaged everything.
        environment.put("AUSPEX_NO_BUILD", "true");
        environment.putAll(launch.environment());
        Process process = builder.start();
        process.getOutputStream().close();
        return new RunningAuspex(launch, process, output);
    }

    /** Starts it and returns when it is ready. */
    static RunningAuspex start(Launch launch) throws IOException {
        RunningAuspex auspex = begin(launch);
        try {
            auspex.awaitReady();
            return auspex;
        } catch (Throwable t) {
            auspex.close();
            throw t;
        }
    }

    /** Returns when {@code /readyz} answers 200; fails when the process ends first or the time is over. */
    void awaitReady() {
        Api api = api("");
        await("ready").atMost(READY_LIMIT).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        "auspex up ended with " + process.exitValue() + ":\n" + output());
            }
            assertThat(api.tryGet("/readyz"))
                    .as("status of /readyz; output so far:%n%s", output())
                    .hasValueSatisfying(reply -> assertThat(reply.status()).as(reply.text()).isEqualTo(200));
        });
    }

    /** The API's address without {@code /v1}. */
    String url() {
        return "http://127.0.0.1:" + launch.port();
    }

    /** A caller with an account's token; the empty name sends none. */
    Api api(String account) {
        return new Api(url(), account.isEmpty() ? "" : Launch.TOKENS.getOrDefault(account, account));
    }

    /** How it was started. */
    Launch launch() {
        return launch;
    }

    /** What it has written so far. */
    String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    /** The exit code, once the process has ended by itself. */
    int awaitExit() throws InterruptedException {
        boolean ended = process.waitFor(EXIT_LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(ended).as("ended within %s; output:%n%s", EXIT_LIMIT, output()).isTrue();
        return process.exitValue();
    }

    /** Ctrl-C. Returns the exit code. */
    int interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).inheritIO().start().waitFor();
        return awaitExit();
    }

    /** kill -9 of the process and everything it started. Returns when all of it is gone. */
    void kill() throws InterruptedException {
        List<ProcessHandle> all =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("killed process is gone").isTrue();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(all).noneMatch(ProcessHandle::isAlive));
    }

    @Override
    public void close() {
        try {
            kill();
            keepLog();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // The data folder is deleted with the test; the log is what explains a failure afterwards.
    private void keepLog() throws IOException {
        Path log = launch.data().resolve("log").resolve("auspex.log");
        if (Files.exists(log)) {
            Path kept = output.resolveSibling(output.getFileName().toString().replace(".log", ".auspex.log"));
            Files.copy(log, kept, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
