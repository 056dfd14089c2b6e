package dev.auspex.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One service as a process that can be started again and again with the same data and ports. Its output is appended to one
 * file. One thread at a time.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration READY_LIMIT = Duration.ofSeconds(120);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(45);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(1)).build();

    private final ServiceKind kind;
    private final String name;
    private final int port;
    private final Path launcher;
    private final Path output;
    private final Map<String, String> environment;
    private Process process;

    /**
     * Starts it and returns at once.
     *
     * @param port where {@code /readyz} is answered; for the broker that of Kafka
     * @param folder takes the output
     * @param environment its settings; nothing that begins with {@code AUSPEX_} is inherited
     */
    ServiceProcess(
            ServiceKind kind, String name, int port, Place place, Map<String, String> environment) throws IOException {
        this.kind = kind;
        this.name = name;
        this.port = port;
        this.launcher = place.launcher();
        this.output = Files.createDirectories(place.folder()).resolve(name + ".log");
        this.environment = Map.copyOf(environment);
        this.process = launch();
    }

    /** The script and where output goes. */
    record Place(Path launcher, Path folder) {}

    /** What it is. */
    public ServiceKind kind() {
        return kind;
    }

    /** Such as {@code router-2}. */
    public String name() {
        return name;
    }

    /** Where its HTTP server is; Kafka's port for the broker. */
    public int port() {
        return port;
    }

    /** Where its output is. */
    public Path output() {
        return output;
    }

    /** Starts it again. */
    public void start() throws IOException {
        if (!process.isAlive()) {
            process = launch();
        }
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), kind.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("AUSPEX_"));
        builder.environment().putAll(environment);
        Process started = builder.start();
        started.getOutputStream().close();
        return started;
    }

    /** {@code kill -9}. Returns when the process is gone. */
    public void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. @return the exit code, or -1 if it did not end in time and was killed */
    public int stop() throws InterruptedException {
        process.destroy();
        if (process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            return process.exitValue();
        }
        kill();
        return -1;
    }

    /** SIGSTOP: it hangs, with every connection open. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start().waitFor();
    }

    /** Whether the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** {@code /readyz} answers 200; for the broker, its port is open. */
    public boolean isReady() throws InterruptedException {
        return process.isAlive() && (kind == ServiceKind.BROKER ? Ports.isOpen(port) : readiness().startsWith("200"));
    }

    /** The status and text of {@code /readyz}. */
    public String readiness() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body().strip();
        } catch (IOException e) {
            return "no answer: " + e.getMessage();
        }
    }

    /** Waits until it is ready. @throws IllegalStateException if it ends or takes longer than two minutes */
    public void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        while (!isReady()) {
            if (!process.isAlive()) {
                throw new IllegalStateException(name + " ended with " + process.exitValue() + ", see " + output);
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(name + " is not ready (" + readiness() + "), see " + output);
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
