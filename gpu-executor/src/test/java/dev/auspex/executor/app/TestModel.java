package dev.auspex.executor.app;

import dev.auspex.model.Field;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.Predictor;
import org.jspecify.annotations.Nullable;

/** A model that does what a test wants. */
record TestModel(String name, Runnable atSetup, Predictor<TestModel.Input> predictor)
        implements Model<TestModel.Input> {

    record Input(@Field(description = "Anything.") @Nullable String text) {}

    static TestModel of(String name, Predictor<Input> predictor) {
        return of(name, () -> {}, predictor);
    }

    /** @param atSetup may throw */
    static TestModel of(String name, Runnable atSetup, Predictor<Input> predictor) {
        return new TestModel(name, atSetup, predictor);
    }

    @Override
    public ModelInfo info() {
        return new ModelInfo(name, "For tests.", ModelInfo.OutputForm.TEXT, false);
    }

    @Override
    public Class<Input> inputType() {
        return Input.class;
    }

    @Override
    public Predictor<Input> setup(ModelEnvironment environment) {
        atSetup.run();
        return predictor;
    }
}
