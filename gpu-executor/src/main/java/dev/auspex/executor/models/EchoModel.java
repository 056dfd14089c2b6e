package dev.auspex.executor.models;

import dev.auspex.model.CanceledException;
import dev.auspex.model.Field;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelException;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.PredictionContext;
import dev.auspex.model.Predictor;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives back its text: the model of benchmarks, smoke tests and first steps.
 *
 * <p>Output: with {@code tokens} 0 the whole text as one chunk, else exactly that many chunks, each one word with the
 * white space after it, the text's words over and over until there are enough. With {@code seconds} the chunks are spread
 * evenly over that time, the first one at once, and the model ends when the time is over. With {@code fail} it does all
 * that and then fails with that message.
 */
public final class EchoModel implements Model<EchoModel.Input> {

    private static final Pattern WORD = Pattern.compile("\\S+\\s*");
    private static final Duration STEP = Duration.ofMillis(500);

    /** What to echo, and how. */
    public record Input(
            @Field(description = "The text to give back.") String text,
            @Field(description = "How long to take, in seconds.", defaultValue = "0", min = 0, max = 86_400)
                    double seconds,
            @Field(
                            description = "How many chunks to stream, one word each, repeating the text as needed; 0 for the whole text at once.",
                            defaultValue = "0",
                            min = 0,
                            max = 10_000)
                    int tokens,
            @Field(description = "Fail with this message at the end.") @Nullable String fail) {}

    /** Found by ServiceLoader. */
    public EchoModel() {}

    @Override
    public ModelInfo info() {
        return new ModelInfo(
                "echo",
                "Gives back its text, at once or word by word over a while; fails on request.",
                ModelInfo.OutputForm.TEXT_STREAM,
                false);
    }

    @Override
    public Class<Input> inputType() {
        return Input.class;
    }

    @Override
    public Predictor<Input> setup(ModelEnvironment environment) {
        return EchoModel::echo;
    }

    private static @Nullable Object echo(Input input, PredictionContext context)
            throws CanceledException, ModelException {
        List<String> words = input.tokens() == 0 ? List.of(input.text()) : words(input.text());
        int chunks = Math.max(1, input.tokens());
        long nanos = (long) (input.seconds() * 1e9);
        long start = System.nanoTime();
        context.log("echo of " + input.text().length() + " characters in " + chunks + (chunks == 1 ? " chunk" : " chunks"));
        for (int i = 0; i < chunks; i++) {
            context.checkCanceled();
            context.yield(words.get(i % words.size()));
            pauseUntil(start, (long) ((i + 1.0) / chunks * nanos), nanos, context);
        }
        if (input.fail() != null) {
            throw new ModelException(input.fail());
        }
        return null;
    }

    private static void pauseUntil(long start, long due, long whole, PredictionContext context)
            throws CanceledException {
        for (long left = due - (System.nanoTime() - start); left > 0; left = due - (System.nanoTime() - start)) {
            context.pause(Duration.ofNanos(Math.min(left, STEP.toNanos())));
            context.progress((double) (System.nanoTime() - start) / whole);
        }
    }

    // The last word gets a space after it, because the first one follows.
    private static List<String> words(String text) {
        List<String> words = WORD.matcher(text.stripTrailing() + " ").results().map(MatchResult::group).toList();
        return words.isEmpty() ? List.of(text) : words;
    }
}
