package dev.auspex.executor.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights and tokenizers in the forms that others write, and files that are none. */
class ModelFilesTest {

    @TempDir
    private Path folder;

    @Test
    void shouldBeWhatWasWrittenWhenReadFromLlama2cFiles() throws Exception {
        TextWeights written = TestTexts.random(1, 24, 40, 4, 2);
        TestTexts.tokenizer(folder.resolve("tokenizer.bin"));

        ModelFiles read = ModelFiles.read(TestTexts.bin(written, folder.resolve("model.bin")));

        assertThat(read.weights().shape()).isEqualTo(written.shape());
        assertThat(read.weights().layers().get(1).attention().q()).isEqualTo(written.layers().get(1).attention().q());
        assertThat(read.weights().layers().get(1).feed().down()).isEqualTo(written.layers().get(1).feed().down());
        assertThat(read.weights().norm()).isEqualTo(written.norm());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 | 0 | the width (hidden_size, dim) must be 1 to 1048576, is 0",
        "4 | -7 | the hidden width (intermediate_size, hidden_dim) must be 1 to 1048576, is -7",
        "8 | 1000000000 | the number of layers must be 1 to 1024, is 1000000000",
        "12 | 5 | a width of 24 cannot be shared by 5 heads and 2 key heads",
        "20 | 1048576 | the file has",
        "24 | 77777 | the file has"
    })
    void shouldSayWhichNumberCannotBeBeforeTakingMemoryWhenAFileLies(int at, int value, String message) throws Exception {
        TestTexts.tokenizer(folder.resolve("tokenizer.bin"));
        Path file = TestTexts.bin(TestTexts.random(1, 24, 40, 4, 2), folder.resolve("model.bin"));
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        Files.write(file, bytes);

        assertThatThrownBy(() -> ModelFiles.read(file)).isInstanceOf(IOException.class).hasMessageContaining(message);
    }

    @Test
    void shouldReadEveryTypeWhenTensorsAreStoredInIt() throws Exception {
        Path file = safetensors("""
                {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]},
                 "c":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]},"d":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},
                 "e":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}""",
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f).putFloat(-2).putShort(Float.floatToFloat16(0.25f)).putShort(Float.floatToFloat16(-3)).putShort((short) 0x3f80).putShort((short) 0xc000).array());

        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.floats("a", 2)).containsExactly(1.5f, -2);
            assertThat(tensors.floats("b", 1, 2)).containsExactly(0.25f, -3);
            assertThat(tensors.floats("c", 2)).containsExactly(1, -2);
            assertThatThrownBy(() -> tensors.floats("d", 2)).hasMessage("the tensor d is stored as I8; expected F32, F16 or BF16");
            assertThatThrownBy(() -> tensors.floats("e", 2)).hasMessage("the tensor e lies at 12 to 20, which cannot be");
            assertThatThrownBy(() -> tensors.floats("a", 3)).hasMessage("the tensor a is [2]; expected [3]");
            assertThatThrownBy(() -> tensors.floats("z", 3)).hasMessage("the tensor z is missing");
        }
    }

    @Test
    void shouldBeRefusedWhenAHeaderIsLongerThanItsFile() throws Exception {
        Path file = Files.write(folder.resolve("bomb.safetensors"), ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE).array());

        assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(IOException.class).hasMessageContaining("is not a safetensors file");
    }

    @Test
    void shouldJoinPairsAndGiveBackTheTextWhenEncoded() throws Exception {
        Tokenizer tokenizer = PieceTokenizer.read(TestTexts.tokenizer(folder.resolve("tokenizer.bin")));

        int[] pieces = tokenizer.encode("abc é ü");

        assertThat(pieces).startsWith(1);
        assertThat(text(tokenizer, pieces)).isEqualTo("abc é ü");
        // " ab" + "c": the space belongs to the word; "ü" is no piece and becomes its bytes.
        assertThat(pieces).containsExactly(1, 266, 262, 259, 263, 259, 3 + 0xc3, 3 + 0xbc);
        assertThat(tokenizer.encode("")).containsExactly(1);
    }

    @Test
    void shouldReadByteLevelPairsWhenTheTokenizerIsJson() throws Exception {
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"model":{"type":"BPE","vocab":{"<s>":0,"</s>":1,"a":2,"b":3,"ab":4,"\\u0120":5,"\\u0120ab":6,"\\u00c3":7,"\\u00a9":8},
                 "merges":["a b",["\\u0120","ab"]]},"pre_tokenizer":{"type":"ByteLevel"},"added_tokens":[{"id":9,"content":"<|x|>"}]}""");
        Tokenizer tokenizer = JsonTokenizer.read(folder.resolve("tokenizer.json"), Json.mapper().readTree("{\"bos_token_id\":0,\"eos_token_id\":[1]}"));

        int[] pieces = tokenizer.encode("ab abé");

        assertThat(pieces).containsExactly(0, 4, 6, 7, 8);
        assertThat(text(tokenizer, pieces)).isEqualTo("ab abé");
        assertThat(tokenizer.isEnd(1)).isTrue();
    }

    @Test
    void shouldSayWhatIsWrongWhenTheTokenizerIsBroken() throws Exception {
        Path file = TestTexts.tokenizer(folder.resolve("tokenizer.bin"));
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3000));

        assertThatThrownBy(() -> PieceTokenizer.read(file)).isInstanceOf(IOException.class).hasMessageStartingWith("tokenizer.bin is broken after ");
    }

    private static String text(Tokenizer tokenizer, int[] pieces) {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        for (int i = 1; i < pieces.length; i++) {
            bytes.writeBytes(tokenizer.decode(pieces[i - 1], pieces[i]));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private Path safetensors(String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return Files.write(folder.resolve("t.safetensors"), ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).put(data).array());
    }
}
