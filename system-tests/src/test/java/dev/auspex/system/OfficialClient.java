package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The {@code replicate} package from npm, installed under {@code target}, driven by the scripts in {@code client/}. */
final class OfficialClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(3);
    private static final Duration SCENARIO_LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final RunningAuspex auspex;

    private OfficialClient(Path folder, RunningAuspex auspex) {
        this.folder = folder;
        this.auspex = auspex;
    }

    /** Installs what the lock file names. Skips the test, and says so, on a machine without Node.js. */
    static OfficialClient install(RunningAuspex auspex) throws IOException, InterruptedException {
        if (!runs("node", "--version") || !runs("npm", "--version")) {
            abort("skipped: the official client needs Node.js 18 or newer with npm, and node or npm is not on PATH");
        }
        Path folder = Repository.target("client");
        copy(Repository.module().resolve("client"), folder);
        Result installed = execute(folder, Map.of(), "", INSTALL_LIMIT, List.of("npm", "ci", "--no-audit", "--no-fund"));
        assertThat(installed.exit()).as("npm ci: %s%s", installed.out(), installed.err()).isZero();
        return new OfficialClient(folder, auspex);
    }

    /**
     * Runs {@code client/scenarios/<name>.mjs} with the token of the account {@code acme}.
     *
     * @param arguments anything Jackson can write
     * @return what it returned
     */
    JsonNode scenario(String name, Map<String, ?> arguments) throws IOException, InterruptedException {
        Map<String, String> environment =
                Map.of("AUSPEX_URL", auspex.url(), "AUSPEX_TOKEN", Launch.TOKENS.getOrDefault("acme", ""));
        Result result = execute(
                folder, environment, JSON.writeValueAsString(arguments), SCENARIO_LIMIT, List.of("node", "main.mjs", name));
        assertThat(result.exit())
                .as("scenario %s: %s%s", name, result.out(), result.err())
                .isZero();
        return JSON.readTree(result.out());
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return execute(Path.of("."), Map.of(), "", Duration.ofSeconds(30), List.of(command)).exit() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(path -> !path.toString().contains("node_modules")).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private record Result(int exit, String out, String err) {}

    private static Result execute(
            Path folder, Map<String, String> environment, String input, Duration limit, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("auspex-client-", ".out");
        Path err = Files.createTempFile("auspex-client-", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (var stdin = process.outputWriter()) {
                stdin.write(input);
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                return new Result(-1, Files.readString(out), "still running after " + limit + "\n" + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }
}
