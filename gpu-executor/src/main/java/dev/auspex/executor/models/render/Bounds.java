package dev.auspex.executor.models.render;

import dev.auspex.executor.video.FrameSize;
import dev.auspex.model.ModelException;

/** Checks of inputs that hold whoever made the record; every refusal names the field, what was expected and what came. */
public final class Bounds {

    private Bounds() {}

    /** @throws ModelException unless the value lies within; NaN never does */
    public static void within(String field, double value, double min, double max) throws ModelException {
        // Written so that NaN fails.
        if (!(value >= min && value <= max)) {
            throw new ModelException("%s: must be %s to %s, is %s".formatted(field, plain(min), plain(max), plain(value)));
        }
    }

    /** @throws ModelException unless the value can be a side of a video */
    public static void videoSide(String field, int value) throws ModelException {
        within(field, value, FrameSize.MIN, FrameSize.MAX);
        if (value % 2 != 0) {
            throw new ModelException("%s: must be even for H.264 video, is %d; try %d".formatted(field, value, value + 1));
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
    }
}
