package dev.auspex.executor.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A language model's files: a llama2.c {@code .bin} with a {@code tokenizer.bin} beside it, or a folder as Hugging Face's Llama
 * models have it (config.json, model.safetensors, tokenizer.json or tokenizer.bin).
 *
 * @param weights what it has learnt
 * @param tokenizer its pieces
 */
record ModelFiles(TextWeights weights, Tokenizer tokenizer) {

    private static final String CONFIG = "config.json";
    private static final String TENSORS = "model.safetensors";
    private static final String PIECES = "tokenizer.bin";

    /** @throws IllegalArgumentException if the tokenizer has fewer pieces than the model, or more */
    ModelFiles {
        if (tokenizer.size() != weights.shape().vocabulary()) {
            throw new IllegalArgumentException("the model knows %d pieces, the tokenizer %d".formatted(weights.shape().vocabulary(), tokenizer.size()));
        }
    }

    /** The model that comes along: it tells small stories. @throws IOException if it is not in this module */
    static ModelFiles included() throws IOException {
        Path folder = Files.createTempDirectory("auspex-tiny-text");
        try {
            for (String name : List.of(CONFIG, TENSORS, PIECES)) {
                try (InputStream in = ModelFiles.class.getResourceAsStream(name)) {
                    if (in == null) {
                        throw new IOException("no " + name + " in this module");
                    }
                    Files.copy(in, folder.resolve(name));
                }
            }
            return read(folder);
        } finally {
            for (String name : List.of(CONFIG, TENSORS, PIECES)) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
    }

    /** @throws IOException if it cannot be read or is not such a model; the message says what is wrong */
    static ModelFiles read(Path path) throws IOException {
        try {
            return Files.isDirectory(path)
                    ? folder(path)
                    : new ModelFiles(LlamaBin.read(path), PieceTokenizer.read(path.resolveSibling(PIECES)));
        } catch (IllegalArgumentException wrong) {
            throw new IOException(path + " cannot be loaded: " + wrong.getMessage(), wrong);
        }
    }

    private static ModelFiles folder(Path folder) throws IOException {
        JsonNode config = Json.mapper().readTree(Files.readString(folder.resolve(CONFIG)));
        TextShape shape = shape(config);
        Path json = folder.resolve("tokenizer.json");
        Tokenizer tokenizer = Files.exists(json) ? JsonTokenizer.read(json, config) : PieceTokenizer.read(folder.resolve(PIECES));
        try (Safetensors tensors = Safetensors.open(folder.resolve(TENSORS))) {
            return new ModelFiles(weights(tensors, shape), tokenizer);
        }
    }

    private static TextShape shape(JsonNode config) {
        if (!config.path("rope_scaling").isMissingNode() && !config.path("rope_scaling").isNull()) {
            throw new IllegalArgumentException("rope_scaling is not supported");
        }
        int heads = config.path("num_attention_heads").asInt();
        return new TextShape(
                config.path("hidden_size").asInt(), config.path("intermediate_size").asInt(), config.path("num_hidden_layers").asInt(),
                heads, config.path("num_key_value_heads").asInt(heads), config.path("vocab_size").asInt(),
                config.path("max_position_embeddings").asInt(), (float) config.path("rms_norm_eps").asDouble(1e-6), config.path("rope_theta").asDouble(10_000));
    }

    private static TextWeights weights(Safetensors tensors, TextShape shape) throws IOException {
        int width = shape.width();
        List<TextWeights.Layer> layers = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            String at = "model.layers." + i + ".";
            layers.add(new TextWeights.Layer(
                    new TextWeights.Attention(
                            tensors.floats(at + "input_layernorm.weight", width),
                            tensors.floats(at + "self_attn.q_proj.weight", width, width),
                            tensors.floats(at + "self_attn.k_proj.weight", shape.keyWidth(), width),
                            tensors.floats(at + "self_attn.v_proj.weight", shape.keyWidth(), width),
                            tensors.floats(at + "self_attn.o_proj.weight", width, width)),
                    new TextWeights.Feed(
                            tensors.floats(at + "post_attention_layernorm.weight", width),
                            tensors.floats(at + "mlp.gate_proj.weight", shape.hidden(), width),
                            tensors.floats(at + "mlp.up_proj.weight", shape.hidden(), width),
                            tensors.floats(at + "mlp.down_proj.weight", width, shape.hidden()))));
        }
        float[] embedding = tensors.floats("model.embed_tokens.weight", shape.vocabulary(), width);
        float[] classifier = tensors.has("lm_head.weight") ? tensors.floats("lm_head.weight", shape.vocabulary(), width) : embedding;
        return new TextWeights(shape, embedding, layers, tensors.floats("model.norm.weight", width), classifier);
    }
}
