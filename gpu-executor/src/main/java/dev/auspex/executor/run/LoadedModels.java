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
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models one slot has set up. A model that failed to set up is tried again for later jobs, not sooner than a growing
 * pause allows; in between its jobs fail with the same message. Only the slot's working thread.
 */
public final class LoadedModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoadedModels.class);
    private static final Retry RETRY = new Retry(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final BuiltinModels builtin;
    private final Supplier<ModelEnvironment> environment;
    private final Map<String, State> states = new HashMap<>();

    private sealed interface State {}

    private record Ready(Loaded<?> loaded) implements State {}

    private record Broken(String message, int failures, long retryAtNanos) implements State {}

    private record Loaded<I extends Record>(InputBinder<I> binder, Predictor<I> predictor) {
        Prepared prepare(ObjectNode input, InputBinder.Files files) throws ModelException {
            I bound = binder.bind(input, files);
            return context -> predictor.predict(bound, context);
        }
    }

    /** A model with its input, ready to run once. */
    @FunctionalInterface
    interface Prepared {
        @Nullable Object run(PredictionContext context) throws Exception;
    }

    /** @param environment asked when the first model is set up, because finding ffmpeg takes a moment */
    public LoadedModels(BuiltinModels builtin, Supplier<ModelEnvironment> environment) {
        this.builtin = builtin;
        this.environment = environment;
    }

    /**
     * Sets the model up if need be and binds the input.
     *
     * @throws ModelException with a sentence for the client
     * @throws Exception if the device is lost or memory is short, see {@link Faults}
     */
    Prepared prepare(String model, ObjectNode input, InputBinder.Files files) throws Exception {
        return loaded(model).prepare(input, files);
    }

    /** Gives up a model that threw an error after which its state is unknown; the next job sets it up again. */
    void discard(String model) {
        if (states.remove(model) instanceof Ready ready) {
            close(model, ready.loaded().predictor());
        }
    }

    private Loaded<?> loaded(String name) throws Exception {
        State state = states.get(name);
        if (state instanceof Ready ready) {
            return ready.loaded();
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
        long start = System.nanoTime();
        try {
            Loaded<?> loaded = setUp(model);
            LOG.atInfo()
                    .addKeyValue("model", name)
                    .addKeyValue("millis", Duration.ofNanos(System.nanoTime() - start).toMillis())
                    .log("model set up");
            states.put(name, new Ready(loaded));
            return loaded;
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
        }
    }

    private <I extends Record> Loaded<I> setUp(Model<I> model) throws Exception {
        InputBinder<I> binder = new InputBinder<>(model.inputType());
        return new Loaded<>(binder, model.setup(environment.get()));
    }

    @Override
    public void close() {
        states.forEach((name, state) -> {
            if (state instanceof Ready ready) {
                close(name, ready.loaded().predictor());
            }
        });
        states.clear();
    }

    private static void close(String name, Predictor<?> predictor) {
        try {
            predictor.close();
        } catch (Exception | LinkageError e) {
            LOG.atWarn().addKeyValue("model", name).setCause(e).log("model not closed");
        }
    }
}
