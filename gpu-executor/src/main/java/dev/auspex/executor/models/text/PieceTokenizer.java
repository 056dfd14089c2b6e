package dev.auspex.executor.models.text;

import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Pieces with scores, as in llama2.c's {@code tokenizer.bin}: pairs are joined, best score first. Pieces 0, 1 and 2 are
 * unknown, begin and end; 3 to 258 are the bytes, for letters that are no piece.
 */
final class PieceTokenizer implements Tokenizer {

    private static final int BEGIN = 1;
    private static final int END = 2;
    private static final int FIRST_BYTE = 3;
    private static final int FIRST_PIECE = FIRST_BYTE + 256;
    private static final int MOST_BYTES = 64 << 20;

    /** No piece reaches over the space before a word, so words can be joined one by one. */
    private static final Pattern WORD = Pattern.compile(" ?[^\\s]+|\\s");

    private final List<byte[]> pieces;
    private final float[] scores;
    private final Map<String, Integer> ids = new HashMap<>();

    private PieceTokenizer(List<byte[]> pieces, float[] scores) {
        this.pieces = pieces;
        this.scores = scores;
        for (int i = FIRST_PIECE; i < pieces.size(); i++) {
            ids.putIfAbsent(new String(pieces.get(i), StandardCharsets.UTF_8), i);
        }
    }

    /** @throws IOException if it cannot be read or is no such file */
    static PieceTokenizer read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file.getFileName() + " is not a tokenizer: it has " + Files.size(file) + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> pieces = new ArrayList<>();
        List<Float> scores = new ArrayList<>();
        try {
            int longest = bytes.getInt();
            while (bytes.hasRemaining()) {
                scores.add(bytes.getFloat());
                int length = bytes.getInt();
                if (length < 0 || length > longest) {
                    throw new EOFException("a piece of " + length + " bytes");
                }
                byte[] piece = new byte[length];
                bytes.get(piece);
                pieces.add(piece);
            }
        } catch (BufferUnderflowException | EOFException broken) {
            throw new IOException(file.getFileName() + " is broken after " + pieces.size() + " pieces", broken);
        }
        if (pieces.size() < FIRST_PIECE) {
            throw new IOException(file.getFileName() + " has only " + pieces.size() + " pieces");
        }
        float[] values = new float[scores.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = scores.get(i);
        }
        return new PieceTokenizer(pieces, values);
    }

    @Override
    public int size() {
        return pieces.size();
    }

    @Override
    public int[] encode(String text) {
        List<Integer> found = new ArrayList<>(List.of(BEGIN));
        if (!text.isEmpty()) {
            for (String word : WORD.matcher(" " + text).results().map(MatchResult::group).toList()) {
                for (String part : PairJoiner.join(PairJoiner.letters(word), this::rank)) {
                    add(part, found);
                }
            }
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public byte[] decode(int before, int piece) {
        if (piece < FIRST_BYTE) {
            return new byte[0];
        }
        if (piece < FIRST_PIECE) {
            return new byte[] {(byte) (piece - FIRST_BYTE)};
        }
        byte[] bytes = pieces.get(piece);
        // The space that every text is given at its begin.
        return before == BEGIN && bytes.length > 0 && bytes[0] == ' ' ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    @Override
    public boolean isEnd(int piece) {
        return piece == BEGIN || piece == END;
    }

    private long rank(String left, String right) {
        Integer joined = ids.get(left + right);
        // Scores fall from 0: the highest is joined first.
        return joined == null ? PairJoiner.NEVER : Math.round(-scores[joined] * 1e3);
    }

    private void add(String part, List<Integer> found) {
        Integer id = ids.get(part);
        if (id != null) {
            found.add(id);
            return;
        }
        for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
            found.add(FIRST_BYTE + (b & 255));
        }
    }
}
