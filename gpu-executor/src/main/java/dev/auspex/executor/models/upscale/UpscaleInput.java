package dev.auspex.executor.models.upscale;

import dev.auspex.executor.models.render.Bounds;
import dev.auspex.executor.video.VideoQuality;
import dev.auspex.model.Field;
import dev.auspex.model.ModelException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The inputs of {@code upscale}; the schema that clients see is made from these fields. */
public record UpscaleInput(
        @Field(description = "The picture to enlarge: PNG, JPEG or WebP, up to 24 megapixels. Either this or a video.") @Nullable Path image,
        @Field(description = "The video to enlarge: mp4, mov, webm, mkv and others, up to 7,200 frames; its sound is left out. Either this or an image.") @Nullable Path video,
        @Field(description = "How many times as wide and high the result is; 1 only removes noise.", defaultValue = "2", min = 1, max = 4) int scale,
        @Field(description = "How strong the noise is that is removed: 0 none, 0.3 that of a phone at night, 1 a lot.", defaultValue = "0", min = 0, max = 1) double denoise,
        @Field(description = "Fidelity of a video against its file size.", defaultValue = "standard") VideoQuality quality) {

    /**
     * Checks everything but the files, whoever made this record.
     *
     * @throws ModelException naming the field, what was expected and what came
     */
    void check() throws ModelException {
        if ((image == null) == (video == null)) {
            throw new ModelException("image, video: expected one of them, got " + (image == null ? "none" : "both"));
        }
        Bounds.within("scale", scale, 1, 4);
        Bounds.within("denoise", denoise, 0, 1);
    }

    Enlargement enlargement() {
        return new Enlargement(scale, denoise);
    }
}
