package dev.auspex.executor.models.upscale;

import dev.auspex.executor.models.render.Bounds;
import dev.auspex.model.Field;
import dev.auspex.model.ModelException;
import java.nio.file.Path;

/** The inputs of {@code upscale}; the schema that clients see is made from these fields. */
public record UpscaleInput(
        @Field(description = "The picture to enlarge: PNG, JPEG or WebP, up to 24 megapixels.") Path image,
        @Field(description = "How many times as wide and high the result is; 1 only removes noise.", defaultValue = "2", min = 1, max = 4) int scale,
        @Field(description = "How strong the noise is that is removed: 0 none, 0.3 that of a phone at night, 1 a lot.", defaultValue = "0", min = 0, max = 1) double denoise) {

    /**
     * Checks everything but the files, whoever made this record.
     *
     * @throws ModelException naming the field, what was expected and what came
     */
    void check() throws ModelException {
        Bounds.within("scale", scale, 1, 4);
        Bounds.within("denoise", denoise, 0, 1);
    }

    Enlargement enlargement() {
        return new Enlargement(scale, denoise);
    }
}
