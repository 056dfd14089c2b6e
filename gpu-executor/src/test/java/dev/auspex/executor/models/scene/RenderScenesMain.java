package dev.auspex.executor.models.scene;

import dev.auspex.executor.video.FrameSize;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes frames of every test prompt as raw video, for somebody to look at. */
public final class RenderScenesMain {

    private RenderScenesMain() {}

    /** @param arguments file, width, height, move, seed, time, then prompts; those of the tests if there are none */
    public static void main(String[] arguments) throws Exception {
        FrameSize size = new FrameSize(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        Move move = Move.valueOf(arguments[3]);
        int seed = Integer.parseInt(arguments[4]);
        double time = Double.parseDouble(arguments[5]);
        var prompts = arguments.length > 6 ? java.util.List.of(arguments).subList(6, arguments.length) : TestScenes.PROMPTS;
        try (SceneRenderer renderer = new CpuSceneRenderer(2); var out = Files.newOutputStream(Path.of(arguments[0]))) {
            renderer.load(size, 1);
            for (String prompt : prompts) {
                byte[] frame = new byte[size.bytes()];
                long start = System.nanoTime();
                renderer.start(Shot.of(Reading.of(prompt), seed, move, 5).frame(48, time), frame, () -> {});
                System.out.printf("%s: %.2f s%n", prompt, (System.nanoTime() - start) / 1e9);
                out.write(frame);
            }
        }
    }
}
