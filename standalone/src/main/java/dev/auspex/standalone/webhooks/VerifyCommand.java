package dev.auspex.standalone.webhooks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code auspex webhooks verify}: whether a message that somebody kept is genuine. Exit code 1 if it is not. */
@Command(name = "verify", description = "Verify the signature of a body.", mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    @Mixin
    private ApiAccess api = new ApiAccess();

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--secret", paramLabel = "<secret>", description = "whsec_… or whpk_…; by default the account's default secret.")
    private @Nullable String secret;

    @Option(names = "--id", required = true, description = "The header webhook-id.")
    private String id = "";

    @Option(names = "--timestamp", required = true, description = "The header webhook-timestamp.")
    private String timestamp = "";

    @Option(names = "--signature", required = true, description = "The header webhook-signature.")
    private String signature = "";

    @Parameters(arity = "0..1", paramLabel = "<file>", description = "The body exactly as it came; by default standard input.")
    private @Nullable Path file;

    @Override
    public Integer call() throws Exception {
        byte[] body = file == null ? System.in.readAllBytes() : Files.readAllBytes(file);
        String key = secret == null ? api.get("/webhooks/default/secret").path("key").asText() : secret;
        boolean genuine = new SignatureVerifier(key).verify(id, timestamp, body, signature);
        if (spec != null) {
            spec.commandLine().getOut().println(genuine ? "genuine" : "NOT genuine: another secret, or a changed body");
        }
        return genuine ? 0 : 1;
    }
}
