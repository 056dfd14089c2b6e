package dev.auspex.executor.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.executor.models.motion.PredictOnDeviceMain;
import dev.auspex.executor.models.upscale.EnlargeVideoMain;
import dev.auspex.executor.models.upscale.TestVideos;
import dev.auspex.executor.video.TestFfmpeg;
import dev.auspex.executor.video.TestPictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In what order the host gives work to the device, as the stand-in for its driver sees it. */
class CudaOverlapTest {

    @TempDir
    private static Path folder;

    private record Call(String name, long stream, long event) {
        static Call of(String line) {
            String[] words = line.split(" ");
            return new Call(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]));
        }
    }

    @Test
    void shouldQueueTheNextFrameBeforeItWaitsForTheLastWhenAFilmIsMade() throws Exception {
        Path standIn = CudaStandIn.build();
        Path picture = TestPictures.write(TestPictures.landscape(700, 420), folder.resolve("photo.png"));
        Path log = folder.resolve("calls.log");

        var result = CudaStandIn.java(
                standIn, Map.of("CUDA_STANDIN_LOG", log.toString()), PredictOnDeviceMain.class,
                picture.toString(), folder.toString(), TestFfmpeg.path().toString());

        assertThat(result.output()).contains("made video/mp4");
        List<Call> calls = Files.readAllLines(log).stream().map(Call::of).toList();
        List<Integer> downloads = places(calls, "download");
        List<Integer> waits = places(calls, "wait");
        assertThat(waits).as("every frame is waited for").hasSameSizeAs(downloads).hasSizeGreaterThan(20);
        int overlapped = 0;
        for (int i = 0; i + 1 < waits.size(); i++) {
            overlapped += waits.get(i) > downloads.get(i + 1) ? 1 : 0;
        }
        // All but the last frame of each of the two films.
        assertThat(overlapped).isEqualTo(waits.size() - 2);
        long computing = calls.stream().filter(call -> call.name().equals("launch")).findFirst().orElseThrow().stream();
        assertThat(calls).filteredOn(call -> call.name().equals("launch")).allMatch(call -> call.stream() == computing);
        assertThat(calls)
                .filteredOn(call -> call.name().equals("download"))
                .as("frames come back beside what is computed, not behind it")
                .noneMatch(call -> call.stream() == computing);
        assertThat(calls.subList(downloads.getFirst(), waits.get(downloads.size() / 3)))
                .as("nothing stops the device while a film is made")
                .noneMatch(call -> call.name().equals("drain"));
    }

    @Test
    void shouldBringTheNextFrameUpBeforeItWaitsForTheLastWhenAVideoIsEnlarged() throws Exception {
        Path standIn = CudaStandIn.build();
        Path video = TestVideos.make(folder.resolve("film.mp4"), "testsrc2=s=64x36:r=10:d=0.9");
        Path log = folder.resolve("enlarging.log");

        var result = CudaStandIn.java(
                standIn, Map.of("CUDA_STANDIN_LOG", log.toString()), EnlargeVideoMain.class,
                video.toString(), folder.toString(), TestFfmpeg.path().toString());

        assertThat(result.output()).contains("made video/mp4 of 9 frames\nmade video/mp4 of 9 frames");
        List<Call> calls = Files.readAllLines(log).stream().map(Call::of).toList();
        List<Integer> downloads = places(calls, "download");
        assertThat(downloads).hasSize(18);
        for (List<Integer> film : List.of(downloads.subList(0, 9), downloads.subList(9, 18))) {
            for (int frame = 0; frame < 8; frame++) {
                List<String> between = calls.subList(film.get(frame), film.get(frame + 1)).stream().map(Call::name).toList();
                // Each place is waited for before it takes a new frame; that wait is for the frame before the last.
                assertThat(between).as("from frame %d to the next", frame).contains("upload", "launch").doesNotContain("drain");
                long event = calls.get(film.get(frame) + 1).event();
                assertThat(calls.subList(film.get(frame), film.get(frame + 1)))
                        .as("frame %d comes back while the next one goes up", frame)
                        .noneMatch(call -> call.name().equals("wait") && call.event() == event);
            }
        }
    }

    private static List<Integer> places(List<Call> calls, String name) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).name().equals(name)) {
                places.add(i);
            }
        }
        return places;
    }
}
