package dev.auspex.executor.models.text;

import dev.auspex.executor.cuda.CudaException;
import dev.auspex.executor.models.render.DeviceFaults;
import dev.auspex.model.CanceledException;
import dev.auspex.model.DeviceLostException;
import dev.auspex.model.ModelException;
import dev.auspex.model.PredictionContext;
import dev.auspex.model.Predictor;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Runs {@code tiny-text}: reads the prompt, then gives every piece out as soon as it is certain. One slot. */
final class TextPredictor implements Predictor<TextInput> {

    private final TextEngine engine;
    private final Tokenizer tokenizer;
    private final TextShape shape;

    TextPredictor(TextEngine engine, Tokenizer tokenizer, TextShape shape) {
        this.engine = engine;
        this.tokenizer = tokenizer;
        this.shape = shape;
    }

    @Override
    public @Nullable Object predict(TextInput input, PredictionContext context) throws ModelException, CanceledException, DeviceLostException {
        input.check();
        int[] prompt = tokenizer.encode(input.text());
        if (prompt.length == 0 || prompt.length >= shape.context()) {
            throw new ModelException("prompt: has %d tokens; this model takes 1 to %d".formatted(prompt.length, shape.context() - 1));
        }
        Integer asked = input.seed();
        int seed = asked != null ? asked : ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        context.log("%d parameters on: %s; seed %d".formatted(shape.parameters(), engine.device(), seed));
        long start = System.nanoTime();
        try {
            int made = generate(input, prompt, new Sampler(input.temperature(), input.topP(), seed), context);
            report(prompt.length, made, (System.nanoTime() - start) / 1e9, context);
        } catch (CudaException failed) {
            throw DeviceFaults.told(failed);
        }
        return null;
    }

    @Override
    public void close() {
        engine.close();
    }

    /** @return how many tokens were made */
    private int generate(TextInput input, int[] prompt, Sampler sampler, PredictionContext context) throws CanceledException {
        TextStream stream = new TextStream(input.stops());
        int position = 0;
        while (position < prompt.length - 1) {
            engine.step(prompt[position], position++, context::checkCanceled);
        }
        int before = prompt[position];
        int made = 0;
        while (made < input.maxTokens() && position < shape.context() && !stream.stopped()) {
            context.checkCanceled();
            int piece = sampler.choose(engine.step(before, position++, context::checkCanceled));
            if (tokenizer.isEnd(piece)) {
                break;
            }
            made++;
            give(stream.add(tokenizer.decode(before, piece)), context);
            before = piece;
        }
        give(stream.finish(), context);
        return made;
    }

    private static void give(String text, PredictionContext context) {
        if (!text.isEmpty()) {
            context.yield(text);
        }
    }

    private static void report(int read, int made, double seconds, PredictionContext context) {
        context.metric("input_token_count", read);
        context.metric("output_token_count", made);
        context.metric("tokens_per_second", Math.round(10 * (read + made) / seconds) / 10.0);
        context.log(String.format(Locale.ROOT, "%d tokens read, %d made in %.2f s", read, made, seconds));
    }
}
