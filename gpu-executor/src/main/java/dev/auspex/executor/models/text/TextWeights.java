package dev.auspex.executor.models.text;

import java.util.List;

/**
 * What a transformer has learnt; every matrix row-major as (out, in). Read-only.
 *
 * @param shape the sizes
 * @param embedding (vocabulary, width)
 * @param layers in order
 * @param norm the last norm
 * @param classifier (vocabulary, width); often the embedding itself
 */
@SuppressWarnings("ArrayRecordComponent") // Passed around, never compared.
record TextWeights(TextShape shape, float[] embedding, List<Layer> layers, float[] norm, float[] classifier) {

    /** @param layers as many as the shape says */
    TextWeights {
        layers = List.copyOf(layers);
    }

    /**
     * One layer.
     *
     * @param attention its first half
     * @param feed its second half
     */
    record Layer(Attention attention, Feed feed) {}

    /**
     * Attention. The rows of q and k are in the order in which a head's first half turns against its second.
     *
     * @param norm before it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Attention(float[] norm, float[] q, float[] k, float[] v, float[] o) {}

    /**
     * Feed-forward with SwiGLU.
     *
     * @param norm before it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Feed(float[] norm, float[] gate, float[] up, float[] down) {}
}
