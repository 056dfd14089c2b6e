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
     * Prepares the model once per process; weights and kernels are loaded here.
     *
     * @return what runs predictions
     * @throws Exception if it cannot run here; the message reaches the clients of its predictions
     */
    Predictor<I> setup(ModelEnvironment environment) throws Exception;
}
