package dev.auspex.executor.models.text;

import dev.auspex.executor.models.render.RowWorkers;
import dev.auspex.executor.video.Checkpoint;
import dev.auspex.model.CanceledException;
import java.util.List;

/** Runs a transformer on the processor. */
final class CpuTextEngine implements TextEngine {

    private final TextShape shape;
    private final float[] embedding;
    private final float[] lastNorm;
    private final List<Layer> layers;
    private final Columns classifier;
    private final RowWorkers workers;
    private final int threads;
    private final State state;

    private record Layer(TextWeights.Layer weights, Projections in, Columns o, Columns gate, Columns up, Columns down, Kept kept) {}

    private record Projections(Columns q, Columns k, Columns v) {}

    /** Keys and values of a text so far. */
    @SuppressWarnings("ArrayRecordComponent") // Scratch memory, never compared.
    private record Kept(float[] keys, float[] values) {}

    /** Scratch memory of a step. */
    private static final class State {
        final float[] x;
        final float[] normed;
        final float[] q;
        final float[] k;
        final float[] v;
        final float[] mixed;
        final float[] gate;
        final float[] up;
        final float[] scores;
        final float[] angles;
        final float[] logits;

        State(TextShape shape) {
            x = new float[shape.width()];
            normed = new float[shape.width()];
            q = new float[shape.width()];
            k = new float[shape.keyWidth()];
            v = new float[shape.keyWidth()];
            mixed = new float[shape.width()];
            gate = new float[shape.hidden()];
            up = new float[shape.hidden()];
            scores = new float[shape.context()];
            angles = new float[shape.headSize()];
            logits = new float[shape.vocabulary()];
        }
    }

    /** @param threads that share large matrices */
    CpuTextEngine(TextWeights weights, int threads) {
        this.shape = weights.shape();
        this.embedding = weights.embedding();
        this.lastNorm = weights.norm();
        this.layers = weights.layers().stream().map(layer -> columns(layer, shape)).toList();
        this.classifier = new Columns(weights.classifier(), shape.vocabulary());
        this.threads = threads;
        this.workers = new RowWorkers(threads);
        this.state = new State(shape);
    }

    @Override
    public String device() {
        return "cpu, " + threads + (threads == 1 ? " thread" : " threads");
    }

    @Override
    public float[] step(int token, int position, Checkpoint checkpoint) throws CanceledException {
        State s = state;
        System.arraycopy(embedding, token * shape.width(), s.x, 0, shape.width());
        TextEngine.angles(shape, position, s.angles);
        for (Layer layer : layers) {
            checkpoint.check();
            norm(s.x, layer.weights.attention().norm(), s.normed);
            layer.in.q.product(s.normed, s.q, workers, checkpoint);
            layer.in.k.product(s.normed, s.k, workers, checkpoint);
            layer.in.v.product(s.normed, s.v, workers, checkpoint);
            turn(s.q, shape.heads());
            turn(s.k, shape.keyHeads());
            System.arraycopy(s.k, 0, layer.kept.keys, position * shape.keyWidth(), shape.keyWidth());
            System.arraycopy(s.v, 0, layer.kept.values, position * shape.keyWidth(), shape.keyWidth());
            for (int head = 0; head < shape.heads(); head++) {
                attend(head, position, layer.kept);
            }
            layer.o.addProduct(s.mixed, s.x, workers, checkpoint);
            norm(s.x, layer.weights.feed().norm(), s.normed);
            layer.gate.product(s.normed, s.gate, workers, checkpoint);
            layer.up.product(s.normed, s.up, workers, checkpoint);
            for (int i = 0; i < s.gate.length; i++) {
                s.gate[i] = s.gate[i] / (1.0f + (float) Math.exp(-s.gate[i])) * s.up[i];
            }
            layer.down.addProduct(s.gate, s.x, workers, checkpoint);
        }
        norm(s.x, lastNorm, s.normed);
        classifier.product(s.normed, s.logits, workers, checkpoint);
        return s.logits;
    }

    @Override
    public void close() {
        workers.close();
    }

    private static Layer columns(TextWeights.Layer layer, TextShape shape) {
        TextWeights.Attention attention = layer.attention();
        TextWeights.Feed feed = layer.feed();
        int kept = Math.multiplyExact(shape.context(), shape.keyWidth());
        return new Layer(layer,
                new Projections(new Columns(attention.q(), shape.width()), new Columns(attention.k(), shape.keyWidth()), new Columns(attention.v(), shape.keyWidth())),
                new Columns(attention.o(), shape.width()),
                new Columns(feed.gate(), shape.hidden()), new Columns(feed.up(), shape.hidden()), new Columns(feed.down(), shape.width()),
                new Kept(new float[kept], new float[kept]));
    }

    private void norm(float[] x, float[] weight, float[] out) {
        float squares = 0;
        for (float value : x) {
            squares += value * value;
        }
        float scale = 1.0f / (float) Math.sqrt(squares / x.length + shape.epsilon());
        for (int i = 0; i < x.length; i++) {
            out[i] = weight[i] * (x[i] * scale);
        }
    }

    private void turn(float[] vector, int heads) {
        int half = shape.headSize() / 2;
        float[] angles = state.angles;
        for (int at = 0; at < heads * 2 * half; at += 2 * half) {
            for (int i = 0; i < half; i++) {
                float a = vector[at + i];
                float b = vector[at + half + i];
                vector[at + i] = a * angles[i] - b * angles[half + i];
                vector[at + half + i] = b * angles[i] + a * angles[half + i];
            }
        }
    }

    private void attend(int head, int position, Kept kept) {
        int size = shape.headSize();
        int shared = head / (shape.heads() / shape.keyHeads()) * size;
        float scale = 1.0f / (float) Math.sqrt(size);
        float[] scores = state.scores;
        float largest = Float.NEGATIVE_INFINITY;
        for (int t = 0; t <= position; t++) {
            int key = t * shape.keyWidth() + shared;
            float sum = 0;
            for (int i = 0; i < size; i++) {
                sum += state.q[head * size + i] * kept.keys[key + i];
            }
            scores[t] = sum * scale;
            largest = Math.max(largest, scores[t]);
        }
        float total = 0;
        for (int t = 0; t <= position; t++) {
            scores[t] = (float) Math.exp(scores[t] - largest);
            total += scores[t];
        }
        java.util.Arrays.fill(state.mixed, head * size, (head + 1) * size, 0);
        for (int t = 0; t <= position; t++) {
            float share = scores[t] / total;
            int value = t * shape.keyWidth() + shared;
            for (int i = 0; i < size; i++) {
                state.mixed[head * size + i] += share * kept.values[value + i];
            }
        }
    }
}
