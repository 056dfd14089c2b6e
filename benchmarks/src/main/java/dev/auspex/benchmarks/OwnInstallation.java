package dev.auspex.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An Auspex of the benchmark's own, started through the launcher on a free port with an empty data folder and stopped and
 * deleted at the end. It knows one model more: the no-op on a class that no executor serves, for submits alone.
 *
 * @param process the launcher, which becomes the server
 * @param folder data folder, catalogue and output
 * @param url the API
 */
record OwnInstallation(Process process, Path folder, URI url) implements AutoCloseable {

    /** The model that nobody runs. */
    static final String PARKED_MODEL = "bench/parked";

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);
    private static final List<String> NOT_INHERITED = List.of(
            "AUSPEX_LAUNCHER", "AUSPEX_KAFKA", "AUSPEX_TOKENS", "AUSPEX_HTTP_HOST", "AUSPEX_HTTP_URL",
            "AUSPEX_WEBHOOK_ALLOW", "AUSPEX_TOPICS_PREFIX");
    private static final String CATALOGUE = """
            models:
              - name: %s
                hardware: parked
                runner: { kind: builtin, model: echo }
            """;

    /**
     * Starts one and waits until it is ready.
     *
     * @param launcher the {@code auspex} script
     * @throws IOException with the end of its output if it does not become ready
     */
    static OwnInstallation start(Path launcher) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("auspex-bench");
        Path catalogue = Files.writeString(folder.resolve("models.yaml"), CATALOGUE.formatted(PARKED_MODEL));
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "up")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        // Tuning is passed on; what would point it elsewhere, or is the launcher's own, is not.
        NOT_INHERITED.forEach(builder.environment()::remove);
        builder.environment().putAll(Map.of(
                "AUSPEX_HTTP_PORT", Integer.toString(port),
                "AUSPEX_DATA", folder.resolve("data").toString(),
                "AUSPEX_HARDWARE_CLASSES", "cpu,gpu-t4,gpu-l40s,gpu-a100-large,gpu-h100,gpu-h200,parked",
                "AUSPEX_MODELS", catalogue.toString()));
        OwnInstallation installation =
                new OwnInstallation(builder.start(), folder, URI.create("http://127.0.0.1:" + port));
        Runtime.getRuntime().addShutdownHook(new Thread(installation.process::destroy));
        try {
            installation.awaitReady();
            return installation;
        } catch (IOException | InterruptedException e) {
            installation.close();
            throw e;
        }
    }

    /** The API token. */
    Path tokenFile() {
        return folder.resolve("data").resolve("token");
    }

    /** Kafka's address. */
    String kafka() throws IOException {
        return Files.readString(folder.resolve("data").resolve("kafka.address")).strip();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(OwnInstallation::delete);
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!isReady(client)) {
                if (process.waitFor(100, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                    throw new IOException("Auspex did not become ready; it said:\n" + outputTail());
                }
            }
        }
    }

    private boolean isReady(HttpClient client) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(url.resolve("/readyz")).timeout(Duration.ofSeconds(5)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private String outputTail() throws IOException {
        String output = Files.readString(folder.resolve("output"));
        return output.substring(Math.max(0, output.length() - 4000));
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
