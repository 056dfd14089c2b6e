package dev.auspex.executor.models.motion;

import dev.auspex.executor.cuda.CudaException;
import dev.auspex.executor.cuda.CudaProbe;
import dev.auspex.executor.models.RecordingContext;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.OutputFile;
import dev.auspex.model.Predictor;
import java.nio.file.Path;

/** Runs the whole model on the device that the probe finds; run in a JVM of its own. */
public final class PredictOnDeviceMain {

    private PredictOnDeviceMain() {}

    /** @param arguments picture, work folder, ffmpeg */
    public static void main(String[] arguments) throws Exception {
        RecordingContext context = new RecordingContext(Path.of(arguments[1]));
        ModelEnvironment environment = new ModelEnvironment("gpu-test", CudaProbe.detect(), Path.of(arguments[2]));
        try {
            Predictor<MotionInput> predictor = new MotionVideoModel().setup(environment);
            OutputFile first = (OutputFile) predictor.predict(TestFilms.input(Path.of(arguments[0]), Motion.ORBIT), context);
            predictor.predict(TestFilms.sized(TestFilms.input(Path.of(arguments[0]), Motion.ZOOM_IN), 320, 180), context);
            predictor.close();
            context.lines().forEach(System.out::println);
            System.out.println("made " + first.contentType());
        } catch (CudaException failed) {
            System.out.println("failed " + failed.fault() + ": " + failed.getMessage());
        }
    }
}
