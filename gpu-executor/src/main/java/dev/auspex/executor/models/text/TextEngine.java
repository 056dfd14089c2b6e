package dev.auspex.executor.models.text;

import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;

/**
 * Runs a transformer, one token after the other. One per slot, used by the slot's thread only. Both implementations follow the
 * same mathematics; a test holds them together.
 */
interface TextEngine extends AutoCloseable {

    /** What it runs on, for the prediction's log. */
    String device();

    /**
     * Takes the next token of a text.
     *
     * @param position 0 begins a new text; below the context's length
     * @return how likely each piece comes next, not normalised; valid until the next call
     * @throws CanceledException from the checkpoint
     */
    float[] step(int token, int position, Checkpoint checkpoint) throws CanceledException;

    @Override
    void close();

    /** The angles of a position: half a head of cosines, then half a head of sines. */
    static void angles(TextShape shape, int position, float[] into) {
        int half = shape.headSize() / 2;
        for (int pair = 0; pair < half; pair++) {
            double angle = position * Math.pow(shape.ropeBase(), -2.0 * pair / shape.headSize());
            into[pair] = (float) Math.cos(angle);
            into[half + pair] = (float) Math.sin(angle);
        }
    }
}
