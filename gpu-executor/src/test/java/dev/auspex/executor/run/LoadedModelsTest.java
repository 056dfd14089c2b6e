package dev.auspex.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.executor.builtin.BuiltinModels;
import dev.auspex.model.Field;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.PredictionContext;
import dev.auspex.model.Predictor;
import dev.auspex.protocol.json.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoadedModelsTest {

    private static final long GIB = 1L << 30;

    private final List<String> happened = new ArrayList<>();
    private final AtomicReference<Set<String>> kept = new AtomicReference<>(Set.of());
    private final AtomicInteger shortages = new AtomicInteger();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void shouldUnloadWhatWasNotUsedForLongestWhenMemoryIsShort() throws Exception {
        LoadedModels models = models(10 * GIB, Set.of(), sized("a", 4), sized("b", 4), sized("c", 4));
        use(models, "a");
        use(models, "b");
        use(models, "a");

        use(models, "c");

        assertThat(happened).containsExactly("set up a", "set up b", "close b", "set up c");
        assertThat(models.residents()).extracting(Resident::model).containsExactlyInAnyOrder("a", "c");
        assertThat(metrics.find("auspex.executor.evictions").tag("model", "b").counter().count()).isEqualTo(1);
        assertThat(metrics.find("auspex.executor.setup").tag("model", "a").timer().count()).isEqualTo(1);
    }

    @Test
    void shouldKeepWhatIsToBeWarmWhenMemoryIsShort() throws Exception {
        LoadedModels models = models(10 * GIB, Set.of("a"), sized("a", 4), sized("b", 4), sized("c", 4));
        models.warmUp();
        use(models, "b");

        use(models, "c");

        assertThat(happened).containsExactly("set up a", "set up b", "close b", "set up c");
        assertThat(models.residents()).filteredOn(Resident::warm).extracting(Resident::model).containsExactly("a");
    }

    @Test
    void shouldUnloadWhatNeedNotStayWhenAnotherSlotRanOutOfMemory() throws Exception {
        LoadedModels full = models(10 * GIB, Set.of(), sized("a", 4));
        LoadedModels idle = models(10 * GIB, Set.of("warm"), sized("warm", 1), sized("b", 4));
        idle.warmUp();
        use(full, "a");
        use(idle, "b");
        happened.clear();

        full.giveUpAll();

        assertThat(happened).as("models are closed by the threads of their own slots").containsExactly("close a");
        assertThat(full.isBehind()).as("only to see to what is to be kept").isTrue();
        assertThat(idle.isBehind()).isTrue();
        idle.warmUp();
        assertThat(happened).containsExactly("close a", "close b");
        assertThat(idle.isBehind()).isFalse();
        assertThat(idle.residents()).extracting(Resident::model).containsExactly("warm");
    }

    @Test
    void shouldGiveAModelEverythingWhenItNeedsMoreThanThereIs() throws Exception {
        LoadedModels models = models(10 * GIB, Set.of(), sized("a", 4), sized("huge", 40));
        use(models, "a");

        use(models, "huge");

        assertThat(happened).containsExactly("set up a", "close a", "set up huge");
    }

    @Test
    void shouldTellHowLongTheSetUpTookOnlyWhenTheJobWaitedForIt() throws Exception {
        LoadedModels models = models(GIB, Set.of(), sized("a", 0));

        assertThat(models.setUp("a")).isPositive();
        assertThat(models.setUp("a")).isZero();
    }

    @Test
    void shouldShowAModelsOwnClassLoaderWhenItRuns() throws Exception {
        LoadedModels models = models(GIB, Set.of(), sized("a", 0));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(null);
        try {
            use(models, "a");
            assertThat(Thread.currentThread().getContextClassLoader()).isNull();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        assertThat(happened).containsExactly("set up a");
    }

    @Test
    void shouldUnloadEverythingWhenItIsClosed() throws Exception {
        LoadedModels models = models(10 * GIB, Set.of("a"), sized("a", 4), sized("b", 4));
        models.warmUp();
        use(models, "b");

        models.close();

        assertThat(happened).contains("close a", "close b");
        assertThat(models.residents()).isEmpty();
        assertThat(models.isBehind()).as("what is to be warm is seen to again").isTrue();
    }

    @Test
    void shouldSayWhyWhenAModelCannotBeSetUp() {
        LoadedModels models = models(GIB, Set.of(), new Sized("a", 0, "no weights"));

        assertThatThrownBy(() -> prepare(models, "a")).hasMessage("the model could not be set up: no weights");
        assertThat(models.residents()).singleElement().satisfies(resident -> {
            assertThat(resident.state()).isEqualTo("broken");
            assertThat(resident.problem()).contains("no weights");
        });
    }

    @Test
    void shouldSetUpWhatIsToBeKeptWhenThatChanges() throws Exception {
        LoadedModels models = models(10 * GIB, Set.of(), sized("a", 4), sized("b", 4), sized("c", 4));
        models.warmUp();
        use(models, "a");
        use(models, "b");
        assertThat(models.isBehind()).isFalse();

        kept.set(Set.of("c", "unknown"));
        assertThat(models.isBehind()).isTrue();
        models.warmUp();

        assertThat(happened).as("what nobody wants kept makes room")
                .containsExactly("set up a", "set up b", "close a", "set up c");
        assertThat(models.isBehind()).isFalse();
        assertThat(models.residents()).filteredOn(Resident::warm).extracting(Resident::model).containsExactly("c");
        kept.set(Set.of());
        models.warmUp();
        assertThat(models.residents()).noneMatch(Resident::warm).hasSize(2);
    }

    @Test
    void shouldKeepNoMoreThanFitsWhenMemoryIsShort() throws Exception {
        LoadedModels models = models(10 * GIB, Set.of("a"), sized("a", 4), sized("b", 4), sized("c", 4));
        kept.set(Set.of("b", "c"));

        models.warmUp();

        assertThat(happened).containsExactly("set up a", "set up b");
        assertThat(models.isBehind()).as("until something changes").isFalse();
    }

    @Test
    void shouldLetAJobGoFirstWhenItNeedsTheRoomOfWhatIsKept() throws Exception {
        LoadedModels models = models(10 * GIB, Set.of(), sized("a", 4), sized("b", 4), sized("c", 8));
        kept.set(Set.of("a"));
        models.warmUp();
        use(models, "b");

        use(models, "c");

        assertThat(happened).containsExactly("set up a", "set up b", "close b", "close a", "set up c");
        assertThat(models.isBehind()).isTrue();
        models.warmUp();
        assertThat(happened).endsWith("close c", "set up a");
    }

    private LoadedModels models(long bytes, Set<String> warm, Sized... sized) {
        ModelEnvironment environment = new ModelEnvironment("gpu-test", Optional.empty(), Path.of("ffmpeg"));
        return new LoadedModels(
                new BuiltinModels(List.of(sized)), () -> environment, new ModelCache(bytes, warm, kept::get, shortages, metrics));
    }

    private static LoadedModels.Run prepare(LoadedModels models, String name) throws Exception {
        return models.prepare(name, Json.object(), (field, url) -> Path.of(url));
    }

    private static void use(LoadedModels models, String name) throws Exception {
        LoadedModels.Run unused = prepare(models, name);
    }

    private Sized sized(String name, long gib) {
        return new Sized(name, gib * GIB, null);
    }

    /** A model of a size that notes what happens to it. */
    private final class Sized implements Model<Sized.Input> {

        record Input(@Field(description = "Anything.") @Nullable String text) {}

        private final String name;
        private final long bytes;
        private final @Nullable String failure;

        Sized(String name, long bytes, @Nullable String failure) {
            this.name = name;
            this.bytes = bytes;
            this.failure = failure;
        }

        @Override
        public ModelInfo info() {
            return new ModelInfo(name, "For tests.", ModelInfo.OutputForm.TEXT, true);
        }

        @Override
        public Class<Input> inputType() {
            return Input.class;
        }

        @Override
        public long deviceBytes(ModelEnvironment environment) {
            return bytes;
        }

        @Override
        public Predictor<Input> setup(ModelEnvironment environment) {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            assertThat(Thread.currentThread().getContextClassLoader()).isEqualTo(getClass().getClassLoader());
            happened.add("set up " + name);
            return new Predictor<>() {
                @Override
                public Object predict(Input input, PredictionContext context) {
                    return "done";
                }

                @Override
                public void close() {
                    happened.add("close " + name);
                }
            };
        }
    }
}
