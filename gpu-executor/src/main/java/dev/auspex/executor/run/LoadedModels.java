package dev.auspex.executor.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.executor.builtin.BuiltinModels;
import dev.auspex.executor.builtin.InputBinder;
import dev.auspex.executor.domain.Retry;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelException;
import dev.auspex.model.PredictionContext;
import dev.auspex.model.Predictor;
import dev.auspex.runtime.metrics.Metric;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models one slot has set up. When device memory is short, who was not used for longest is unloaded. A model that
 * failed to set up is tried again for later jobs, not sooner than a growing pause allows; in between its jobs fail with the
 * same message. Only the slot's working thread, except {@link #residents} and {@link #isBehind}.
 */
public final class LoadedModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoadedModels.class);
    private static final Retry RETRY = new Retry(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final BuiltinModels builtin;
    private final Supplier<ModelEnvironment> environment;
    private final ModelCache cache;
    /** Whoever was used longest ago first. */
    private final Map<String, State> states = new LinkedHashMap<>(16, 0.75f, true);
    private volatile List<Resident> residents = List.of();
    /** What was last seen to of what is to be kept; {@code null} to see to it again. */
    private volatile @Nullable Set<String> seenTo;
    private volatile int heeded;

    private sealed interface State {}

    private record Ready(Loaded<?> loaded, long deviceBytes, Duration setup) implements State {}

    private record Broken(String message, int failures, long retryAtNanos) implements State {}

    private record Loaded<I extends Record>(InputBinder<I> binder, Predictor<I> predictor, @Nullable ClassLoader classes) {
        Run prepare(ObjectNode input, InputBinder.Files files) throws ModelException {
            I bound = binder.bind(input, files);
            return context -> within(classes, () -> predictor.predict(bound, context));
        }
    }

    /** Runs a model once on its input. */
    @FunctionalInterface
    interface Run {
        @Nullable Object on(PredictionContext context) throws Exception;
    }

    /** @param environment asked when the first model is set up, because finding ffmpeg takes a moment */
    public LoadedModels(BuiltinModels builtin, Supplier<ModelEnvironment> environment, ModelCache cache) {
        this.builtin = builtin;
        this.environment = environment;
        this.cache = cache;
        this.heeded = cache.shortages().get();
    }

    /** What is there now. Any thread. */
    public List<Resident> residents() {
        return residents;
    }

    /** Whether {@link #warmUp} has something to do, as far as is known. Any thread. */
    @SuppressWarnings("ReferenceEquality") // asked before every poll
    public boolean isBehind() {
        return seenTo != cache.kept().get() || heeded != cache.shortages().get();
    }

    /** Unloads everything, because memory was short, and asks the device's other slots for what they do not need. */
    void giveUpAll() {
        heeded = cache.shortages().incrementAndGet();
        close();
    }

    // Another slot ran out of memory since this was asked last.
    private void heed() {
        int now = cache.shortages().get();
        if (heeded != now) {
            heeded = now;
            List.copyOf(states.keySet()).stream().filter(name -> !isToStay(name)).forEach(this::discard);
        }
    }

    /**
     * Unloads what another slot needs the room of, then sets up what is to be warm and, as far as memory allows, what is to be
     * kept. What fails is tried again for the first job that needs it.
     */
    public void warmUp() {
        heed();
        Set<String> kept = cache.kept().get();
        seenTo = kept; // before: what is unloaded on the way is seen to once more
        cache.warm().forEach(this::setUpAhead);
        kept.stream().sorted().filter(this::fits).forEach(this::setUpAhead);
        publish();
    }

    private void setUpAhead(String name) {
        try {
            Ready unused = ready(name);
        } catch (Exception | Error e) {
            LOG.atError().addKeyValue("model", name).setCause(e).log("model to be warm is not set up");
        }
    }

    // Beside what stays already. What nobody wants kept makes room.
    private boolean fits(String name) {
        Model<?> model = builtin.find(name).orElse(null);
        if (model == null || states.get(name) instanceof Ready) {
            return false;
        }
        long bytes;
        try {
            bytes = within(model.getClass().getClassLoader(), () -> model.deviceBytes(environment.get()));
        } catch (Exception | LinkageError e) {
            LOG.atError().addKeyValue("model", name).setCause(e).log("model to be kept does not say what it takes");
            return false;
        }
        long staying = states.entrySet().stream()
                .filter(entry -> isToStay(entry.getKey()))
                .mapToLong(entry -> bytes(entry.getValue()))
                .sum();
        boolean fits = bytes <= 0 || staying <= cache.deviceBytes() - bytes;
        if (!fits) {
            LOG.atWarn().addKeyValue("model", name).addKeyValue("device_bytes", bytes).log("no room to keep a model");
        }
        return fits;
    }

    /**
     * Sets the model up if need be.
     *
     * @return how long that took; zero if it was loaded already
     * @throws ModelException with a sentence for the client
     * @throws Exception if the device is lost or memory is short, see {@link Faults}
     */
    Duration setUp(String model) throws Exception {
        return states.get(model) instanceof Ready ? Duration.ZERO : ready(model).setup();
    }

    /**
     * Binds the input; the model is set up if it is not.
     *
     * @throws ModelException with a sentence for the client
     * @throws Exception as {@link #setUp}
     */
    Run prepare(String model, ObjectNode input, InputBinder.Files files) throws Exception {
        return ready(model).loaded().prepare(input, files);
    }

    /** Gives up a model that threw an error after which its state is unknown; the next job sets it up again. */
    void discard(String model) {
        if (states.remove(model) instanceof Ready ready) {
            close(model, ready.loaded());
            if (isToStay(model)) {
                seenTo = null; // a job went first; afterwards it is set up again
            }
        }
        publish();
    }

    private Ready ready(String name) throws Exception {
        State state = states.get(name);
        if (state instanceof Ready ready) {
            return ready;
        }
        int failures = 0;
        if (state instanceof Broken broken) {
            if (System.nanoTime() - broken.retryAtNanos() < 0) {
                throw new ModelException(broken.message());
            }
            failures = broken.failures();
        }
        Model<?> model = builtin.find(name).orElseThrow(
                () -> new ModelException("this executor has no built-in model '" + name + "'"));
        try {
            return setUp(name, model);
        } catch (Exception | LinkageError e) {
            if (Faults.isDeviceLost(e) || Faults.isOutOfMemory(e)) {
                throw e; // says nothing of the model
            }
            String message = "the model could not be set up: "
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
            Duration pause = RETRY.after(failures + 1);
            states.put(name, new Broken(message, failures + 1, System.nanoTime() + pause.toNanos()));
            LOG.atError().addKeyValue("model", name).addKeyValue("retry_after", pause).setCause(e).log("model set-up failed");
            throw new ModelException(message, e);
        } finally {
            publish();
        }
    }

    private Ready setUp(String name, Model<?> model) throws Exception {
        @Nullable ClassLoader classes = model.getClass().getClassLoader();
        ModelEnvironment where = environment.get();
        long bytes = Math.max(0, within(classes, () -> model.deviceBytes(where)));
        makeRoom(bytes);
        long start = System.nanoTime();
        Loaded<?> loaded = within(classes, () -> load(model, where, classes));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Metric.EXECUTOR_SETUP.timer(cache.metrics(), name).record(took);
        LOG.atInfo()
                .addKeyValue("model", name)
                .addKeyValue("millis", took.toMillis())
                .addKeyValue("device_bytes", bytes)
                .log("model set up");
        Ready ready = new Ready(loaded, bytes, took);
        states.put(name, ready);
        return ready;
    }

    private static <I extends Record> Loaded<I> load(
            Model<I> model, ModelEnvironment where, @Nullable ClassLoader classes)
            throws Exception {
        return new Loaded<>(new InputBinder<>(model.inputType()), model.setup(where), classes);
    }

    // A model that needs more than there is at all gets everything: it may know better than it said.
    private void makeRoom(long bytes) {
        Set<String> kept = cache.kept().get();
        while (bytes > 0 && usedBytes() > cache.deviceBytes() - bytes) {
            String oldest = states.entrySet().stream()
                    .filter(entry -> bytes(entry.getValue()) > 0)
                    .map(Map.Entry::getKey)
                    .filter(name -> !cache.warm().contains(name))
                    .min(Comparator.comparing(kept::contains)) // the first of them: who was not used for longest
                    .orElse(null);
            if (oldest == null) {
                return;
            }
            LOG.atInfo().addKeyValue("model", oldest).log("model unloaded to make room");
            Metric.EXECUTOR_EVICTIONS.counter(cache.metrics(), oldest).increment();
            discard(oldest);
        }
    }

    private long usedBytes() {
        return states.values().stream().mapToLong(LoadedModels::bytes).sum();
    }

    private static long bytes(State state) {
        return state instanceof Ready ready ? ready.deviceBytes() : 0;
    }

    private void publish() {
        residents = states.entrySet().stream()
                .map(entry -> resident(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Resident resident(String name, State state) {
        boolean warm = isToStay(name);
        return switch (state) {
            case Ready ready ->
                new Resident(name, "ready", ready.setup().toMillis() / 1000.0, ready.deviceBytes(), warm, null);
            case Broken broken -> new Resident(name, "broken", 0, 0, warm, broken.message());
        };
    }

    private boolean isToStay(String name) {
        return cache.warm().contains(name) || cache.kept().get().contains(name);
    }

    /** Unloads everything, what is warm, too. */
    @Override
    public void close() {
        states.forEach((name, state) -> {
            if (state instanceof Ready ready) {
                close(name, ready.loaded());
            }
        });
        states.clear();
        seenTo = null;
        publish();
    }

    private static void close(String name, Loaded<?> loaded) {
        try {
            within(loaded.classes(), () -> {
                loaded.predictor().close();
                return null;
            });
        } catch (Exception | LinkageError e) {
            LOG.atWarn().addKeyValue("model", name).setCause(e).log("model not closed");
        }
    }

    // Libraries that a model brings along look for their parts through the thread.
    private static <T extends @Nullable Object> T within(@Nullable ClassLoader classes, Callable<T> call)
            throws Exception {
        Thread thread = Thread.currentThread();
        @Nullable ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes);
        try {
            return call.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
