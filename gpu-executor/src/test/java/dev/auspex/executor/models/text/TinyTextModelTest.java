package dev.auspex.executor.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.executor.models.RecordingContext;
import dev.auspex.model.CanceledException;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelException;
import dev.auspex.model.Predictor;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model that comes along, and one by path. */
class TinyTextModelTest {

    private static Predictor<TextInput> predictor;

    @TempDir
    private Path folder;

    @BeforeAll
    static void setUp() throws Exception {
        predictor = new TinyTextModel("").setup(new ModelEnvironment("cpu", Optional.empty(), Path.of("ffmpeg")));
    }

    @AfterAll
    static void tearDown() throws Exception {
        predictor.close();
    }

    @Test
    void shouldBeFoundWhenModelsAreLoaded() {
        assertThat(ServiceLoader.load(Model.class)).anySatisfy(model -> assertThat(model.info().name()).isEqualTo("tiny-text"));
    }

    /** What it has learnt: a story in whole sentences, with the name it began with, that ends by itself. */
    @Test
    void shouldTellAStoryToItsEndWhenGivenABegin() throws Exception {
        RecordingContext context = new RecordingContext(folder);

        String story = predict(new TextInput("Once upon a time, there was a little girl named Lily.", 250, 0, 1, 1, null), context);

        assertThat(story).startsWith(" ").contains("Lily").matches("(?s).*[.!?\"]");
        assertThat(story.split(" ")).hasSizeGreaterThan(25);
        assertThat(context.chunks()).as("streamed").hasSizeGreaterThan(20);
        assertThat((Integer) context.metrics().get("output_token_count")).as("ended by itself").isBetween(20, 249);
        assertThat(context.metrics()).containsKey("tokens_per_second");
    }

    @Test
    void shouldTellTheSameForTheSameSeedAndAnotherForAnother() throws Exception {
        String first = predict(seeded(1));

        assertThat(predict(seeded(1))).isEqualTo(first);
        assertThat(predict(seeded(2))).isNotEqualTo(first);
    }

    @Test
    void shouldStopWhereItIsToldWhenTheTextComesThere() throws Exception {
        String whole = predict(new TextInput("One day", 120, 0, 1, 1, null));
        String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 6).replace(",", "");

        String cut = predict(new TextInput("One day", 120, 0, 1, 1, "zzzzz," + stop));

        assertThat(cut).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        RecordingContext context = new RecordingContext(folder);
        predict(new TextInput("One day", 5, 0, 1, 1, null), context);
        assertThat(context.metrics()).containsEntry("output_token_count", 5);
    }

    @Test
    void shouldBeginByItselfWhenThereIsNoPrompt() throws Exception {
        assertThat(predict(new TextInput(null, 40, 0.5, 0.9, 3, null))).doesNotStartWith(" ").hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 | 1 | 1 | max_tokens: must be 1 to 100000, is 0",
        "-5 | 1 | 1 | max_tokens: must be 1 to 100000, is -5",
        "10 | NaN | 1 | temperature: must be 0 to 5, is NaN",
        "10 | -1 | 1 | temperature: must be 0 to 5, is -1",
        "10 | 1 | NaN | top_p: must be 0.01 to 1, is NaN",
        "10 | 1 | 0 | top_p: must be 0.01 to 1, is 0"
    })
    void shouldNameTheFieldWhenAnInputIsAbsurd(int tokens, double temperature, double topP, String message) {
        assertRefused(new TextInput("a", tokens, temperature, topP, 1, null), message);
    }

    @Test
    void shouldNameThePromptWhenItIsTooLong() {
        assertRefused(new TextInput("a".repeat(300_000), 10, 1, 1, 1, null), "prompt: must have at most 200000 characters, has 300000");
        assertRefused(new TextInput("happy ".repeat(400), 10, 1, 1, 1, null), "prompt: has 402 tokens; this model takes 1 to 255");
        assertRefused(new TextInput("a", 10, 1, 1, 1, "x,".repeat(20)), "stop_sequences: at most 16 of at most 100 characters");
    }

    @Test
    void shouldStopSoonAndServeTheNextWhenCanceled() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        RecordingContext impatient = new RecordingContext(folder, () -> asked.incrementAndGet() > 30);
        assertThatThrownBy(() -> predictor.predict(seeded(1), impatient)).isInstanceOf(CanceledException.class);

        assertThat(predict(seeded(5))).isNotEmpty();
    }

    @Test
    void shouldRunOthersWeightsWhenTheirPathIsNamed() throws Exception {
        TestTexts.tokenizer(folder.resolve("tokenizer.bin"));
        Path file = TestTexts.bin(TestTexts.random(9, 24, 40, 4, 2), folder.resolve("model.bin"));
        RecordingContext context = new RecordingContext(folder);
        try (Predictor<TextInput> other = new TinyTextModel(file.toString()).setup(new ModelEnvironment("cpu", Optional.empty(), Path.of("ffmpeg")))) {
            other.predict(new TextInput("abc", 100, 1, 1, 4, null), context);
        }

        assertThat(context.metrics()).containsKey("output_token_count");
        assertThatThrownBy(() -> new TinyTextModel(folder.resolve("absent.bin").toString()).setup(new ModelEnvironment("cpu", Optional.empty(), Path.of("ffmpeg"))))
                .hasMessageContaining("absent.bin");
    }

    private void assertRefused(TextInput input, String message) {
        assertThatThrownBy(() -> predictor.predict(input, new RecordingContext(folder))).isInstanceOf(ModelException.class).hasMessage(message);
    }

    private static TextInput seeded(int seed) {
        return new TextInput("A fox", 60, 1, 0.95, seed, null);
    }

    private String predict(TextInput input) throws Exception {
        return predict(input, new RecordingContext(folder));
    }

    private static String predict(TextInput input, RecordingContext context) throws Exception {
        predictor.predict(input, context);
        return context.chunks().stream().map(Object::toString).collect(Collectors.joining());
    }
}
