package dev.auspex.executor.models.text;

import dev.auspex.executor.models.render.Bounds;
import dev.auspex.model.Field;
import dev.auspex.model.ModelException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The inputs of {@code tiny-text}; the schema that clients see is made from these fields. */
public record TextInput(
        @Field(description = "How the text begins; the model goes on from there. Empty for a text of its own.") @Nullable String prompt,
        @Field(description = "The most tokens to make.", defaultValue = "256", min = 1, max = 100_000) int maxTokens,
        @Field(description = "0 takes the most likely token every time, 1 follows the model's probabilities, more is wilder.", defaultValue = "0.7", min = 0, max = 5) double temperature,
        @Field(description = "Choose among the most likely tokens that together have this probability.", defaultValue = "0.9", min = 0.01, max = 1) double topP,
        @Field(description = "The same seed and inputs give the same text; by chance when left out.", min = 0, max = Integer.MAX_VALUE) @Nullable Integer seed,
        @Field(description = "Where to stop: texts with commas between them. They are not given out.") @Nullable String stopSequences) {

    private static final int MOST_CHARACTERS = 200_000;
    private static final int MOST_STOPS = 16;
    private static final Pattern COMMA = Pattern.compile(",");

    /**
     * Checks everything, whoever made this record.
     *
     * @throws ModelException naming the field, what was expected and what came
     */
    void check() throws ModelException {
        if (text().length() > MOST_CHARACTERS) {
            throw new ModelException("prompt: must have at most %d characters, has %d".formatted(MOST_CHARACTERS, text().length()));
        }
        Bounds.within("max_tokens", maxTokens, 1, 100_000);
        Bounds.within("temperature", temperature, 0, 5);
        Bounds.within("top_p", topP, 0.01, 1);
        if (seed != null) {
            Bounds.within("seed", seed, 0, Integer.MAX_VALUE);
        }
        if (stops().size() > MOST_STOPS || stops().stream().anyMatch(stop -> stop.length() > 100)) {
            throw new ModelException("stop_sequences: at most %d of at most 100 characters".formatted(MOST_STOPS));
        }
    }

    /** The prompt. */
    String text() {
        return prompt == null ? "" : prompt;
    }

    /** Where to stop. */
    List<String> stops() {
        return stopSequences == null ? List.of() : COMMA.splitAsStream(stopSequences).filter(stop -> !stop.isEmpty()).toList();
    }
}
