package dev.auspex.executor.models.text;

/**
 * The sizes of a transformer, checked before memory is taken.
 *
 * @param width numbers per token
 * @param hidden numbers inside a feed-forward layer
 * @param layers how many
 * @param heads of queries
 * @param keyHeads of keys and values; heads is a multiple of it
 * @param vocabulary pieces
 * @param context tokens that can be looked back at
 * @param epsilon of the norms
 * @param ropeBase of the positions' angles
 */
record TextShape(int width, int hidden, int layers, int heads, int keyHeads, int vocabulary, int context, float epsilon, double ropeBase) {

    /** 2 billion numbers, which arrays of this JVM can hold layer by layer. */
    private static final long MOST_PARAMETERS = 2_000_000_000L;

    private static final int MOST = 1 << 20;

    /** @throws IllegalArgumentException naming the size that cannot be */
    TextShape {
        within("width (hidden_size, dim)", width, MOST);
        within("hidden width (intermediate_size, hidden_dim)", hidden, MOST);
        within("number of layers", layers, 1024);
        within("number of heads", heads, 4096);
        within("number of key heads", keyHeads, heads);
        within("size of the vocabulary", vocabulary, MOST);
        within("context (max_position_embeddings, seq_len)", context, MOST);
        if (width % heads != 0 || width / heads % 2 != 0 || heads % keyHeads != 0) {
            throw new IllegalArgumentException("a width of %d cannot be shared by %d heads and %d key heads".formatted(width, heads, keyHeads));
        }
        if (!(epsilon > 0 && epsilon < 1) || !(ropeBase > 1 && ropeBase < 1e12)) {
            throw new IllegalArgumentException("epsilon %s or rope base %s cannot be".formatted(epsilon, ropeBase));
        }
        long parameters = parameters(width, hidden, layers, vocabulary, (long) width / heads * keyHeads);
        if (parameters > MOST_PARAMETERS) {
            throw new IllegalArgumentException("%d parameters are more than the %d that can be loaded".formatted(parameters, MOST_PARAMETERS));
        }
        matrix(vocabulary, width);
        matrix(hidden, width);
    }

    /** Numbers per head. */
    int headSize() {
        return width / heads;
    }

    /** Numbers of a token's keys, or values. */
    int keyWidth() {
        return headSize() * keyHeads;
    }

    /** Numbers in all. */
    long parameters() {
        return parameters(width, hidden, layers, vocabulary, keyWidth());
    }

    /** Bytes of weights, and of what is kept of a whole context. */
    long bytes() {
        return Float.BYTES * (parameters() + 2L * layers * context * keyWidth() + (long) heads * context);
    }

    private static long parameters(long width, long hidden, long layers, long vocabulary, long keyWidth) {
        return vocabulary * width + width + layers * (2 * width + 2 * width * width + 2 * width * keyWidth + 3 * width * hidden);
    }

    private static void within(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("the %s must be 1 to %d, is %d".formatted(what, most, value));
        }
    }

    private static void matrix(long rows, long columns) {
        if (rows * columns > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException("a matrix of %d by %d is too large".formatted(rows, columns));
        }
    }
}
