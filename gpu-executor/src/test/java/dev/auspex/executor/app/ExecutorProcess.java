package dev.auspex.executor.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.topic.TopicSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An executor as a process of its own, with the built-in models and one slot. Closing kills it. */
final class ExecutorProcess implements AutoCloseable {

    private final Process process;
    private final Path output;

    private ExecutorProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** @param data its data folder; its output goes beside it */
    static ExecutorProcess start(ExecutorHarness harness, Path data, Map<String, String> settings) throws IOException {
        Path output = data.resolveSibling(data.getFileName() + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
                        "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ExecutorMain.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        TopicSettings topics = harness.topics.settings();
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AUSPEX_"));
        environment.put("AUSPEX_MODE", "development");
        environment.put("AUSPEX_KAFKA", harness.kafka.bootstrapServers());
        environment.put("AUSPEX_DATA", data.toString());
        environment.put("AUSPEX_TOPICS_PREFIX", topics.prefix());
        environment.put("AUSPEX_TOPICS_PARTITIONS", Integer.toString(topics.partitions()));
        environment.put(
                "AUSPEX_HARDWARE_CLASSES",
                topics.hardware().stream().map(HardwareClass::value).collect(Collectors.joining(",")));
        environment.put("AUSPEX_EXECUTOR_HARDWARE", "cpu");
        environment.put("AUSPEX_EXECUTOR_SLOTS", "1");
        environment.put("AUSPEX_EXECUTOR_PORT", "0");
        environment.putAll(settings);
        return new ExecutorProcess(builder.start(), output);
    }

    /** Stops it in its tracks, or lets it go on. @param name STOP or CONT */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder(List.of("kill", "-" + name, Long.toString(process.pid()))).inheritIO().start().waitFor();
    }

    /** Its exit code, once it has ended by itself. */
    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output()).isTrue();
        return process.exitValue();
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
