package dev.auspex.executor.models.upscale;

import dev.auspex.executor.video.TestFfmpeg;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Videos made for tests by ffmpeg's own sources. */
final class TestVideos {

    private TestVideos() {}

    /** @param source a source of libavfilter; the format is the file's ending */
    static Path make(Path file, String source, String... options) {
        List<String> command = new ArrayList<>(List.of(TestFfmpeg.path().toString(), "-hide_banner", "-nostdin", "-y", "-f", "lavfi", "-i", source));
        command.addAll(List.of(options));
        command.add("file:" + file);
        TestFfmpeg.run(command);
        return file;
    }
}
