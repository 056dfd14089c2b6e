package dev.auspex.executor.cog;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** Reads the events of a Cog server's stream (coglet from 0.21 on): name and JSON data. */
final class CogStream {

    private CogStream() {}

    /**
     * Reads to the end.
     *
     * @param events gets name and data of each
     * @throws IOException if the connection breaks
     */
    static void read(InputStream stream, BiConsumer<String, JsonNode> events) throws IOException {
        String name = "";
        StringBuilder data = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        events.accept(name, CogClient.json(data.toString().getBytes(StandardCharsets.UTF_8)));
                    }
                    name = "";
                    data.setLength(0);
                } else if (line.startsWith("event:")) {
                    name = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:")) {
                    data.append(data.isEmpty() ? "" : "\n").append(line.substring("data:".length()).stripLeading());
                }
            }
        }
    }
}
