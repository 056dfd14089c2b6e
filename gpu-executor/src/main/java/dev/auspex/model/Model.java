package dev.auspex.model;

/**
 * A model that runs inside an executor. Implement it with a public no-argument constructor and name the class in
 * {@code META-INF/services/dev.auspex.model.Model}.
 *
 * @param <I> its input: a record whose components are the input's fields, see {@link Field}
 */
public interface Model<I extends Record> {

    /** What it is called and what it does. Cheap: called before any set-up, on machines that cannot run it too. */
    ModelInfo info();

    /** The input record. */
    Class<I> inputType();

    /**
     * How many bytes of device memory it takes once it is set up, its largest job included: what the executor reckons with
     * when it decides which models stay loaded.
     *
     * @return 0 if it is not worth counting
     */
    default long deviceBytes(ModelEnvironment environment) {
        return 0;
    }

    /**
     * Prepares the model once per slot; weights and kernels are loaded here.
     *
     * @return what runs predictions
     * @throws Exception if it cannot run here; the message reaches the clients of its predictions
     */
    Predictor<I> setup(ModelEnvironment environment) throws Exception;
}
