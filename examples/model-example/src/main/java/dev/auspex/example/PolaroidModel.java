package dev.auspex.example;

import dev.auspex.model.Field;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.Predictor;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tones a picture and puts a white frame around it. It shows what a model has to do with: typed inputs with a file among
 * them, set-up, progress, logs, metrics, cancel, errors that name the input, and a file as output. What it does to pixels
 * is beside the point.
 */
public final class PolaroidModel implements Model<PolaroidModel.Input> {

    /** How the picture is toned; clients write {@code none}, {@code sepia} or {@code grey}. */
    public enum Tone {
        NONE, SEPIA, GREY
    }

    /**
     * The published schema is made from this record: types, defaults, limits and descriptions.
     *
     * @param picture a local copy of the file whose URL the client sent; required, because it has no default
     * @param caption goes to the log; may be left out, because it is {@code @Nullable}
     */
    public record Input(
            @Field(description = "The picture: PNG, JPEG, GIF or BMP.") Path picture,
            @Field(description = "How wide the result is, in pixels.", defaultValue = "640", min = 64, max = 4096)
                    int width,
            @Field(description = "The frame's part of the width.", defaultValue = "0.05", min = 0, max = 0.25)
                    double frame,
            @Field(description = "How the picture is toned.", defaultValue = "none") Tone tone,
            @Field(description = "A note for the log.") @Nullable String caption) {}

    /** Found through {@code META-INF/services/dev.auspex.model.Model}. */
    public PolaroidModel() {}

    @Override
    public ModelInfo info() {
        return new ModelInfo(
                "polaroid", "Tones a picture and puts a white frame around it.", ModelInfo.OutputForm.FILE, false);
    }

    @Override
    public Class<Input> inputType() {
        return Input.class;
    }

    /** Once per slot, before its first prediction: the place for weights and kernels. */
    @Override
    public Predictor<Input> setup(ModelEnvironment environment) {
        return new PolaroidPredictor();
    }
}
