package dev.auspex.executor.models.motion;

import dev.auspex.executor.models.render.Bounds;
import dev.auspex.executor.video.VideoQuality;
import dev.auspex.model.Field;
import dev.auspex.model.ModelException;
import java.nio.file.Path;

/** The inputs of {@code motion-video}; the schema that clients see is made from these fields. */
public record MotionInput(
        @Field(description = "The picture to bring to life: PNG, JPEG or WebP, up to 64 megapixels.") Path image,
        @Field(description = "How the camera moves over the picture.", defaultValue = "zoom-in") Motion motion,
        @Field(description = "Width of the video in pixels; even.", defaultValue = "1280", min = 16, max = 4096) int width,
        @Field(description = "Height of the video in pixels; even.", defaultValue = "720", min = 16, max = 4096) int height,
        @Field(description = "Frames per second.", defaultValue = "24", min = 1, max = 120) int fps,
        @Field(description = "Length of the video in seconds; it has round(seconds * fps) frames, at least one.", defaultValue = "5", min = 0.1, max = 60) double seconds,
        @Field(description = "How far the camera moves: 0 not at all, 1 a lot.", defaultValue = "0.5", min = 0, max = 1) double strength,
        @Field(description = "How the move is spread over time.", defaultValue = "ease-in-out") Easing easing,
        @Field(description = "Move there and back, so that the video can be played in a loop without a jump.", defaultValue = "false") boolean loop,
        @Field(description = "Whether the picture fills the frame and is cut off (cover) or is seen whole (contain).", defaultValue = "cover") Fit fit,
        @Field(description = "The part of the picture to keep when it is cut off, and to zoom towards.", defaultValue = "center") Focus focus,
        @Field(description = "What is seen around a picture that does not fill the frame, and behind transparent pixels.", defaultValue = "blur") Backdrop backdrop,
        @Field(description = "Fidelity against file size.", defaultValue = "standard") VideoQuality quality) {

    /**
     * Checks everything but the picture, whoever made this record.
     *
     * @throws ModelException naming the field, what was expected and what came
     */
    void check() throws ModelException {
        Bounds.videoSide("width", width);
        Bounds.videoSide("height", height);
        Bounds.within("fps", fps, 1, 120);
        Bounds.within("seconds", seconds, 0.1, 60);
        Bounds.within("strength", strength, 0, 1);
    }

    /** Frames of the video. */
    int frames() {
        return (int) Math.max(1, Math.round(seconds * fps));
    }
}
