package dev.auspex.executor.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.executor.video.TestFfmpeg;
import dev.auspex.model.CanceledException;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelException;
import dev.auspex.model.OutputFile;
import dev.auspex.model.Predictor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A whole model on processors with a real ffmpeg, set up once for a test class; every test has a work folder and a context of
 * its own. Use: a static field with {@code @RegisterExtension}.
 *
 * @param <I> its input
 */
public final class ModelOnCpu<I extends Record> implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    private final Model<I> model;
    private @Nullable Predictor<I> predictor;
    private @Nullable Path folder;
    private @Nullable RecordingContext context;

    public ModelOnCpu(Model<I> model) {
        this.model = model;
    }

    /** The environment of a machine without a GPU. */
    public static ModelEnvironment environment(Path ffmpeg) {
        return new ModelEnvironment("cpu", Optional.empty(), ffmpeg);
    }

    /** The running test's work folder. */
    public Path folder() {
        return Objects.requireNonNull(folder);
    }

    /** What the model said in the running test. */
    public RecordingContext context() {
        return Objects.requireNonNull(context);
    }

    /** Makes a file. */
    public OutputFile predict(I input) throws Exception {
        return (OutputFile) Objects.requireNonNull(Objects.requireNonNull(predictor).predict(input, context()));
    }

    /** Requires that an input is refused with words that begin so, and that nothing is left in the folder. */
    public void assertRefused(I input, String message) {
        assertThatThrownBy(() -> predict(input)).isInstanceOf(ModelException.class).hasMessageStartingWith(message);
        assertThat(folder()).isEmptyDirectory();
    }

    /** Requires that a prediction ends and leaves nothing when it is canceled after it has asked so often whether it is. */
    public void assertStopsAfter(int asked, I input) {
        AtomicInteger count = new AtomicInteger();
        RecordingContext impatient = new RecordingContext(folder(), () -> count.incrementAndGet() > asked);
        assertThatThrownBy(() -> Objects.requireNonNull(predictor).predict(input, impatient)).isInstanceOf(CanceledException.class);
        assertThat(folder()).isEmptyDirectory();
    }

    /** Requires that executors find the model under its name. */
    public void assertFound(String name) {
        assertThat(ServiceLoader.load(Model.class)).anySatisfy(found -> {
            assertThat(found.info().name()).isEqualTo(name);
            assertThat(found).hasSameClassAs(model);
        });
    }

    @Override
    public void beforeAll(ExtensionContext test) throws Exception {
        predictor = model.setup(environment(TestFfmpeg.path()));
    }

    @Override
    public void beforeEach(ExtensionContext test) throws Exception {
        folder = Files.createTempDirectory("model-work");
        context = new RecordingContext(folder);
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        try (Stream<Path> left = Files.walk(folder())) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext test) throws Exception {
        if (predictor != null) {
            predictor.close();
        }
    }
}
