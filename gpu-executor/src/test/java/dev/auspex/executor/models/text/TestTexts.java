package dev.auspex.executor.models.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small transformers with weights by chance, and files of them. */
public final class TestTexts {

    static final int VOCABULARY = 300;

    private TestTexts() {}

    /** A model by chance, small enough for the stand-in driver, with its tokenizer beside it. @return its path */
    public static Path smallModel(Path folder) throws IOException {
        tokenizer(folder.resolve("tokenizer.bin"));
        return bin(random(9, 24, 40, 4, 2), folder.resolve("model.bin"));
    }

    static TextWeights random(long seed, int width, int hidden, int heads, int keyHeads) {
        Random random = new Random(seed);
        TextShape shape = new TextShape(width, hidden, 2, heads, keyHeads, VOCABULARY, 32, 1e-5f, 10_000);
        List<TextWeights.Layer> layers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            layers.add(new TextWeights.Layer(
                    new TextWeights.Attention(matrix(random, 1, width), matrix(random, width, width), matrix(random, shape.keyWidth(), width), matrix(random, shape.keyWidth(), width), matrix(random, width, width)),
                    new TextWeights.Feed(matrix(random, 1, width), matrix(random, hidden, width), matrix(random, hidden, width), matrix(random, width, hidden))));
        }
        float[] embedding = matrix(random, VOCABULARY, width);
        return new TextWeights(shape, embedding, layers, matrix(random, 1, width), embedding);
    }

    /** As llama2.c writes it. */
    static Path bin(TextWeights weights, Path file) throws IOException {
        TextShape shape = weights.shape();
        int angles = shape.context() * shape.headSize();
        ByteBuffer bytes = ByteBuffer.allocate((int) (28 + Float.BYTES * (shape.parameters() + angles))).order(ByteOrder.LITTLE_ENDIAN);
        for (int size : new int[] {shape.width(), shape.hidden(), shape.layers(), shape.heads(), shape.keyHeads(), shape.vocabulary(), shape.context()}) {
            bytes.putInt(size);
        }
        put(bytes, weights.embedding());
        weights.layers().forEach(layer -> put(bytes, layer.attention().norm()));
        weights.layers().forEach(layer -> put(bytes, neighbours(layer.attention().q(), shape.heads(), shape)));
        weights.layers().forEach(layer -> put(bytes, neighbours(layer.attention().k(), shape.keyHeads(), shape)));
        weights.layers().forEach(layer -> put(bytes, layer.attention().v()));
        weights.layers().forEach(layer -> put(bytes, layer.attention().o()));
        weights.layers().forEach(layer -> put(bytes, layer.feed().norm()));
        weights.layers().forEach(layer -> put(bytes, layer.feed().gate()));
        weights.layers().forEach(layer -> put(bytes, layer.feed().down()));
        weights.layers().forEach(layer -> put(bytes, layer.feed().up()));
        put(bytes, weights.norm());
        put(bytes, new float[angles]);
        return Files.write(file, bytes.array());
    }

    /** Bytes, then letters and words. */
    static Path tokenizer(Path file) throws IOException {
        List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int b = 0; b < 256; b++) {
            pieces.add("<0x%02X>".formatted(b));
        }
        pieces.addAll(List.of(" ", "a", "b", "c", "é", " a", "ab", " ab", "abc"));
        while (pieces.size() < VOCABULARY) {
            pieces.add("x" + pieces.size());
        }
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN).putInt(16);
        for (int i = 0; i < pieces.size(); i++) {
            byte[] piece = pieces.get(i).getBytes(StandardCharsets.UTF_8);
            bytes.putFloat(i < 259 ? 0 : 259 - i).putInt(piece.length).put(piece);
        }
        return Files.write(file, java.util.Arrays.copyOf(bytes.array(), bytes.position()));
    }

    private static float[] matrix(Random random, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (rows == 1 ? 1 + 0.2 * random.nextGaussian() : random.nextGaussian() / Math.sqrt(columns));
        }
        return values;
    }

    private static float[] neighbours(float[] matrix, int heads, TextShape shape) {
        int size = shape.headSize();
        float[] ordered = new float[matrix.length];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < size; i++) {
                int to = i < size / 2 ? 2 * i : 2 * (i - size / 2) + 1;
                System.arraycopy(matrix, (head * size + i) * shape.width(), ordered, (head * size + to) * shape.width(), shape.width());
            }
        }
        return ordered;
    }

    private static void put(ByteBuffer bytes, float[] values) {
        for (float value : values) {
            bytes.putFloat(value);
        }
    }
}
