package dev.auspex.executor.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The byte-pair part of a {@code tokenizer.json}: vocabulary and merges, either over the bytes of words (byte level, as GPT-2
 * and Llama 3) or over letters with a mark for spaces and bytes for what is unknown (as Llama 2). Templates, normalizers
 * and words that a file adds are not followed, but for the ones that begin and end a text.
 */
final class JsonTokenizer implements Tokenizer {

    private static final long MOST_BYTES = 128L << 20;
    private static final String SPACE = "\u2581";

    /** Contractions, words with the space before them, numbers, other signs, white space. */
    private static final Pattern WORD =
            Pattern.compile("'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

    private final Map<String, Integer> ids;
    private final String[] pieces;
    private final Map<String, Integer> merges = new HashMap<>();
    private final boolean byteLevel;
    private final int begin;
    private final Set<Integer> ends = new HashSet<>();

    private JsonTokenizer(JsonNode model, JsonNode config, boolean byteLevel, Map<String, Integer> ids, int size) {
        this.ids = ids;
        this.byteLevel = byteLevel;
        this.pieces = new String[size];
        ids.forEach((piece, id) -> pieces[id] = piece);
        int rank = 0;
        for (JsonNode merge : model.path("merges")) {
            merges.put(merge.isArray() ? merge.path(0).asText() + " " + merge.path(1).asText() : merge.asText(), rank++);
        }
        this.begin = config.path("bos_token_id").asInt(-1);
        JsonNode end = config.path("eos_token_id");
        if (end.isArray()) {
            end.forEach(one -> ends.add(one.asInt()));
        } else {
            ends.add(end.asInt(-1));
        }
    }

    /** @param config the model's, which names begin and end */
    static JsonTokenizer read(Path file, JsonNode config) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("tokenizer.json has " + Files.size(file) + " bytes");
        }
        JsonNode document = Json.mapper().readTree(Files.readString(file));
        JsonNode model = document.path("model");
        if (!model.path("vocab").isObject() || !model.path("merges").isArray()) {
            throw new IOException("tokenizer.json is not of the kind BPE: expected model.vocab and model.merges");
        }
        Map<String, Integer> ids = new HashMap<>();
        model.path("vocab").properties().forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt(-1)));
        document.path("added_tokens").forEach(token -> ids.put(token.path("content").asText(), token.path("id").asInt(-1)));
        int size = config.path("vocab_size").asInt(ids.size());
        if (ids.values().stream().anyMatch(id -> id < 0 || id >= size)) {
            throw new IOException("tokenizer.json has a piece outside of the model's " + size);
        }
        boolean byteLevel = document.path("pre_tokenizer").toString().contains("ByteLevel");
        return new JsonTokenizer(model, config, byteLevel, ids, size);
    }

    @Override
    public int size() {
        return pieces.length;
    }

    @Override
    public int[] encode(String text) {
        List<Integer> found = new ArrayList<>();
        if (begin >= 0) {
            found.add(begin);
        }
        if (!text.isEmpty()) {
            Pattern words = byteLevel ? WORD : Pattern.compile(SPACE + "*[^" + SPACE + "]+|" + SPACE + "+");
            String whole = byteLevel ? text : SPACE + text.replace(" ", SPACE);
            for (String word : words.matcher(whole).results().map(MatchResult::group).toList()) {
                List<String> letters = PairJoiner.letters(byteLevel ? ByteLetters.of(word) : word);
                PairJoiner.join(letters, this::rank).forEach(part -> add(part, found));
            }
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public byte[] decode(int before, int piece) {
        String text = piece >= 0 && piece < pieces.length ? pieces[piece] : null;
        if (text == null || piece == begin || isEnd(piece)) {
            return new byte[0];
        }
        if (byteLevel) {
            return ByteLetters.bytes(text);
        }
        if (text.length() == 6 && text.startsWith("<0x") && text.endsWith(">")) {
            return new byte[] {(byte) Integer.parseInt(text.substring(3, 5), 16)};
        }
        String plain = text.replace(SPACE, " ");
        return (before == begin && plain.startsWith(" ") ? plain.substring(1) : plain).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isEnd(int piece) {
        return ends.contains(piece);
    }

    private long rank(String left, String right) {
        Integer rank = merges.get(left + " " + right);
        return rank == null ? PairJoiner.NEVER : rank;
    }

    private void add(String part, List<Integer> found) {
        Integer id = ids.get(part);
        if (id != null) {
            found.add(id);
            return;
        }
        for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
            Integer one = ids.get("<0x%02X>".formatted(b & 255));
            if (one != null) {
                found.add(one);
            }
        }
    }
}
