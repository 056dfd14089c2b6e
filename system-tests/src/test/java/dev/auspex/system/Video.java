package dev.auspex.system;

import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What ffprobe finds in a video.
 *
 * @param frames decoded, not as the header claims
 * @param seconds as the container says
 */
record Video(String codec, int width, int height, int frames, double seconds) {

    /** Decodes the file. Skips the test, and says so, on a machine without ffprobe. */
    static Video probe(Path file) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(
                            "ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-of", "json", "-show_entries",
                            "stream=codec_name,width,height,nb_read_frames:format=duration", file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            abort("skipped: ffprobe is not on PATH");
            throw e;
        }
        JsonNode found = new ObjectMapper().readTree(process.getInputStream());
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException("ffprobe does not accept " + file + ": exit " + exit);
        }
        JsonNode stream = found.path("streams").path(0);
        return new Video(
                stream.path("codec_name").asText(),
                stream.path("width").asInt(),
                stream.path("height").asInt(),
                stream.path("nb_read_frames").asInt(),
                found.path("format").path("duration").asDouble());
    }
}
