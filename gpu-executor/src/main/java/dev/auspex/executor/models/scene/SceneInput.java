package dev.auspex.executor.models.scene;

import dev.auspex.executor.models.render.Bounds;
import dev.auspex.executor.video.VideoQuality;
import dev.auspex.model.Field;
import dev.auspex.model.ModelException;
import org.jspecify.annotations.Nullable;

/** The inputs of {@code scene-video}; the schema that clients see is made from these fields. */
public record SceneInput(
        @Field(description = "What to show. Words choose the scene (ocean, city, hills or forest, spheres, tunnel, planets), the time of day, weather and colours.") String prompt,
        @Field(description = "The same seed and inputs give the same video; by chance when left out.", min = 0, max = Integer.MAX_VALUE) @Nullable Integer seed,
        @Field(description = "Width of the video in pixels; even.", defaultValue = "1280", min = 16, max = 4096) int width,
        @Field(description = "Height of the video in pixels; even.", defaultValue = "720", min = 16, max = 4096) int height,
        @Field(description = "Frames per second.", defaultValue = "24", min = 1, max = 120) int fps,
        @Field(description = "Length of the video in seconds; it has round(seconds * fps) frames, at least one.", defaultValue = "5", min = 0.1, max = 60) double seconds,
        @Field(description = "How the camera moves.", defaultValue = "auto") Move camera,
        @Field(description = "Rays per pixel and axis: more make smoother edges and take longer.", defaultValue = "1", min = 1, max = 3) int samples,
        @Field(description = "Fidelity against file size.", defaultValue = "standard") VideoQuality quality) {

    private static final int MAX_PROMPT = 2000;

    /**
     * Checks everything, whoever made this record.
     *
     * @throws ModelException naming the field, what was expected and what came
     */
    void check() throws ModelException {
        if (prompt.length() > MAX_PROMPT) {
            throw new ModelException("prompt: must have at most %d characters, has %d".formatted(MAX_PROMPT, prompt.length()));
        }
        if (seed != null) {
            Bounds.within("seed", seed, 0, Integer.MAX_VALUE);
        }
        Bounds.videoSide("width", width);
        Bounds.videoSide("height", height);
        Bounds.within("fps", fps, 1, 120);
        Bounds.within("seconds", seconds, 0.1, 60);
        Bounds.within("samples", samples, 1, 3);
    }

    /** Frames of the video. */
    int frames() {
        return (int) Math.max(1, Math.round(seconds * fps));
    }
}
