package dev.auspex.executor.models.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a {@code .bin} file as llama2.c's first export writes it: seven numbers, then 32-bit floats kind by kind, each kind
 * for all layers. A negative vocabulary says that the classifier is a matrix of its own.
 */
final class LlamaBin {

    private static final int HEADER = 7;

    private final FileChannel file;
    private long at = HEADER * (long) Integer.BYTES;

    private LlamaBin(FileChannel file) {
        this.file = file;
    }

    /** @throws IOException if it cannot be read or is no such file; the message says what is wrong */
    static TextWeights read(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            return new LlamaBin(file).weights();
        } catch (IllegalArgumentException wrong) {
            throw new IOException(path.getFileName() + " is not a llama2.c model: " + wrong.getMessage(), wrong);
        }
    }

    private TextWeights weights() throws IOException {
        if (file.size() < at) {
            throw new IllegalArgumentException("it ends within its header");
        }
        ByteBuffer header = map(0, HEADER * Integer.BYTES);
        int width = header.getInt();
        int hidden = header.getInt();
        int layers = header.getInt();
        int heads = header.getInt();
        int keyHeads = header.getInt();
        int vocabulary = header.getInt();
        int context = header.getInt();
        TextShape shape = new TextShape(width, hidden, layers, heads, keyHeads, Math.absExact(vocabulary), context, 1e-5f, 10_000);
        boolean shared = vocabulary > 0;
        long angles = (long) context * shape.headSize();
        long expected = at + Float.BYTES * (shape.parameters() + angles + (shared ? 0 : (long) width * shape.vocabulary()));
        if (file.size() != expected) {
            throw new IllegalArgumentException("a model of these sizes has %d bytes, the file has %d".formatted(expected, file.size()));
        }
        return weights(shape, shared, angles);
    }

    private TextWeights weights(TextShape shape, boolean shared, long angles) throws IOException {
        int width = shape.width();
        int hidden = shape.hidden();
        int keys = shape.keyWidth();
        float[] embedding = floats((long) shape.vocabulary() * width);
        List<float[]> attentionNorms = kind(shape, width);
        List<float[]> q = kind(shape, width * width);
        List<float[]> k = kind(shape, keys * width);
        List<float[]> v = kind(shape, keys * width);
        List<float[]> o = kind(shape, width * width);
        List<float[]> feedNorms = kind(shape, width);
        List<float[]> gate = kind(shape, hidden * width);
        List<float[]> down = kind(shape, width * hidden);
        List<float[]> up = kind(shape, hidden * width);
        float[] norm = floats(width);
        at += Float.BYTES * angles;
        float[] classifier = shared ? embedding : floats((long) shape.vocabulary() * width);
        List<TextWeights.Layer> layers = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            layers.add(new TextWeights.Layer(
                    new TextWeights.Attention(attentionNorms.get(i), halves(q.get(i), shape.heads(), shape), halves(k.get(i), shape.keyHeads(), shape), v.get(i), o.get(i)),
                    new TextWeights.Feed(feedNorms.get(i), gate.get(i), up.get(i), down.get(i))));
        }
        return new TextWeights(shape, embedding, layers, norm, classifier);
    }

    private List<float[]> kind(TextShape shape, int count) throws IOException {
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            all.add(floats(count));
        }
        return all;
    }

    /** Here neighbouring rows of a head turn against each other; ours are half a head apart. */
    private static float[] halves(float[] matrix, int heads, TextShape shape) {
        int size = shape.headSize();
        int width = shape.width();
        float[] ordered = new float[matrix.length];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < size; i++) {
                int from = i < size / 2 ? 2 * i : 2 * (i - size / 2) + 1;
                System.arraycopy(matrix, (head * size + from) * width, ordered, (head * size + i) * width, width);
            }
        }
        return ordered;
    }

    private float[] floats(long count) throws IOException {
        float[] values = new float[Math.toIntExact(count)];
        // A mapping holds less than 2 GB.
        int piece = 1 << 28;
        for (int from = 0; from < values.length; from += piece) {
            int some = Math.min(piece, values.length - from);
            map(at, (long) Float.BYTES * some).asFloatBuffer().get(values, from, some);
            at += (long) Float.BYTES * some;
        }
        return values;
    }

    private ByteBuffer map(long from, long bytes) throws IOException {
        return file.map(FileChannel.MapMode.READ_ONLY, from, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
