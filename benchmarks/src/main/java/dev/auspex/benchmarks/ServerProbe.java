package dev.auspex.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a benchmark asks of the server it has started, besides its load. For one thread. */
final class ServerProbe {

    private final OwnInstallation own;
    private final HttpClient http = HttpClient.newHttpClient();

    ServerProbe(OwnInstallation own) {
        this.own = own;
    }

    /**
     * The sum of a metric over its labels; 0 while nothing has been counted.
     *
     * @param begin of the line: the name, and labels if only one series is meant
     */
    long metric(String begin) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(own.url().resolve("/metrics")).timeout(Duration.ofSeconds(10)).build();
        return http.send(request, HttpResponse.BodyHandlers.ofLines()).body()
                .filter(line -> line.startsWith(begin))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /**
     * The API's answer to a request of the account that {@code up} makes.
     *
     * @param body of a POST; {@code null} for a GET
     * @throws IOException if it is not 2xx
     */
    JsonNode ask(String path, @Nullable String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(own.url().resolve(path))
                .header("Authorization", "Bearer " + Files.readString(own.tokenFile()).strip())
                .header("Content-Type", "application/json");
        HttpResponse<byte[]> response = http.send(
                (body == null ? request : request.POST(HttpRequest.BodyPublishers.ofString(body))).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(path + " answered " + response.statusCode());
        }
        return Json.parse(response.body());
    }

    /** Bytes of resident memory. */
    long resident() throws IOException {
        return ProcessMeter.of(own.process().pid()).residentBytes();
    }

    /** Bytes of the heap that are in use after a full collection, which this brings about. */
    long liveHeap() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<String> command = List.of(jcmd.toString(), Long.toString(own.process().pid()), "GC.class_histogram");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd failed: " + text);
        }
        // The last line is the sum: objects, bytes.
        return text.lines()
                .filter(line -> line.startsWith("Total"))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[2]))
                .findFirst()
                .orElseThrow(() -> new IOException("jcmd gave no sum"));
    }
}
