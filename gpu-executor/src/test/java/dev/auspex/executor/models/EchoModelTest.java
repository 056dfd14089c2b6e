package dev.auspex.executor.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.model.CanceledException;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelException;
import dev.auspex.model.PredictionContext;
import dev.auspex.model.Predictor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EchoModelTest {

    private final Recorder context = new Recorder();
    private final Predictor<EchoModel.Input> echo =
            new EchoModel().setup(new ModelEnvironment("cpu", Optional.empty(), Path.of("ffmpeg")));

    @Test
    void shouldGiveTheWholeTextWhenNoTokensAreAskedFor() throws Exception {
        echo.predict(new EchoModel.Input("hello  world", 0, 0, null), context);
        assertThat(context.chunks).containsExactly("hello  world");
        assertThat(context.paused).isEqualTo(Duration.ZERO);
    }

    @Test
    void shouldRepeatTheWordsWhenMoreTokensAreAskedForThanThereAre() throws Exception {
        echo.predict(new EchoModel.Input("one two", 0, 5, null), context);
        assertThat(context.chunks).containsExactly("one ", "two ", "one ", "two ", "one ");
    }

    @Test
    void shouldGiveOneChunkWhenTheTextIsEmpty() throws Exception {
        echo.predict(new EchoModel.Input("", 0, 0, null), context);
        assertThat(context.chunks).containsExactly("");
    }

    @Test
    void shouldFailAtTheEndWhenAsked() {
        assertThatThrownBy(() -> echo.predict(new EchoModel.Input("a b", 0, 2, "boom"), context))
                .isInstanceOf(ModelException.class)
                .hasMessage("boom");
        assertThat(context.chunks).hasSize(2);
    }

    @Test
    void shouldStopBetweenChunksWhenCanceled() {
        context.cancelAfter = 1;
        assertThatThrownBy(() -> echo.predict(new EchoModel.Input("a b c", 0, 3, null), context))
                .isInstanceOf(CanceledException.class);
        assertThat(context.chunks).hasSize(1);
    }

    private static final class Recorder implements PredictionContext {
        private final List<Object> chunks = new ArrayList<>();
        private Duration paused = Duration.ZERO;
        private int cancelAfter = Integer.MAX_VALUE;

        @Override
        public void yield(Object chunk) {
            chunks.add(chunk);
        }

        @Override
        public void log(String line) {}

        @Override
        public void progress(double fraction) {}

        @Override
        public void metric(String name, Number value) {}

        @Override
        public boolean isCanceled() {
            return chunks.size() >= cancelAfter;
        }

        @Override
        public void pause(Duration duration) {
            paused = paused.plus(duration);
        }

        @Override
        public Path workFolder() {
            throw new UnsupportedOperationException();
        }
    }
}
