package dev.auspex.executor.models.scene;

import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.VideoQuality;
import java.util.List;

/** Inputs and single frames for tests. */
final class TestScenes {

    /** One for each family, and one for each kind of light. */
    static final List<String> PROMPTS = List.of(
            "a calm ocean at sunset", "a city at night", "hills with a forest in the morning mist", "glossy spheres on a sunny day", "a futuristic tunnel",
            "a planet in space", "a stormy sea", "snowy mountains", "saturn with its rings", "downtown at noon");

    private TestScenes() {}

    static SceneInput input(String prompt) {
        return new SceneInput(prompt, 7, 96, 54, 10, 1, Move.AUTO, 1, VideoQuality.STANDARD);
    }

    static SceneInput sized(int width, int height, int fps, double seconds) {
        return new SceneInput("ocean", 7, width, height, fps, seconds, Move.AUTO, 1, VideoQuality.STANDARD);
    }

    static byte[] frame(SceneRenderer renderer, String prompt, Move move, double time, FrameSize size) throws Exception {
        byte[] frame = new byte[size.bytes()];
        Shot shot = Shot.of(Reading.of(prompt), 7, move, 5);
        renderer.load(size, 1);
        renderer.start(shot.frame((int) (24 * time), time), frame, () -> {});
        renderer.finish();
        return frame;
    }
}
