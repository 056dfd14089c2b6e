package dev.auspex.executor.models.text;

import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.Predictor;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The built-in model {@code tiny-text}: a text in, its continuation out, token by token. */
public final class TinyTextModel implements Model<TextInput> {

    /** Environment variable that names other weights: a llama2.c .bin file, or a folder with safetensors. */
    public static final String WEIGHTS = "AUSPEX_TINY_TEXT";

    private static final Logger LOG = LoggerFactory.getLogger(TinyTextModel.class);

    /** The model that comes along, rounded up. Others are as large as their files. */
    private static final long LARGEST_JOB_BYTES = 64L << 20;

    private final String weights;

    /** Called by the service loader. */
    public TinyTextModel() {
        this(System.getenv().getOrDefault(WEIGHTS, ""));
    }

    /** @param weights a path; empty for the model that comes along */
    TinyTextModel(String weights) {
        this.weights = weights;
    }

    @Override
    public ModelInfo info() {
        return new ModelInfo(
                "tiny-text",
                "Goes on with a text, token by token: a small Llama-style transformer that tells stories, or weights of your own.",
                ModelInfo.OutputForm.TEXT_STREAM,
                true);
    }

    @Override
    public Class<TextInput> inputType() {
        return TextInput.class;
    }

    @Override
    public long deviceBytes(ModelEnvironment environment) {
        if (environment.gpu().isEmpty()) {
            return 0;
        }
        // Half precision in the file becomes twice as much.
        return weights.isEmpty() ? LARGEST_JOB_BYTES : LARGEST_JOB_BYTES + 2 * fileBytes(Path.of(weights));
    }

    @Override
    public Predictor<TextInput> setup(ModelEnvironment environment) throws IOException {
        ModelFiles files = weights.isEmpty() ? ModelFiles.included() : ModelFiles.read(Path.of(weights));
        TextEngine engine = engine(environment, files.weights());
        LOG.atInfo()
                .addKeyValue("device", engine.device())
                .addKeyValue("parameters", files.weights().shape().parameters())
                .log("tiny-text is ready");
        return new TextPredictor(engine, files.tokenizer(), files.weights().shape());
    }

    private static TextEngine engine(ModelEnvironment environment, TextWeights weights) throws IOException {
        if (environment.gpu().isPresent()) {
            ModelEnvironment.GpuDevice gpu = environment.gpu().get();
            return CudaTextEngine.open(gpu.ordinal(), gpu.name(), weights);
        }
        return new CpuTextEngine(weights, Runtime.getRuntime().availableProcessors());
    }

    private static long fileBytes(Path path) {
        java.io.File file = path.toFile();
        return file.isDirectory() ? path.resolve("model.safetensors").toFile().length() : file.length();
    }
}
