package dev.auspex.standalone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code auspex dead list|show|requeue}: jobs that were given up. */
@Command(
        name = "dead",
        mixinStandardHelpOptions = true,
        description = "Jobs that were given up, with their causes.",
        subcommands = {DeadCommand.ListDead.class, DeadCommand.Show.class, DeadCommand.Requeue.class})
final class DeadCommand {

    private DeadCommand() {}

    /** One line each. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the newest ones.")
    static final class ListDead implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private Api api = new Api();

        @Override
        public Integer call() throws InterruptedException {
            PrintWriter out = out(spec);
            JsonNode letters = api.get("/v1/dead").path("results");
            letters.forEach(each -> out.printf("%s  %s  %s  %s  %s%n",
                    each.path("died_at").asText(), each.path("id").asText(), each.path("model").asText(),
                    each.path("hardware").asText(), each.path("cause").asText()));
            if (letters.isEmpty()) {
                out.println("There are none.");
            }
            out.flush();
            return 0;
        }
    }

    /** All of one. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show everything about one.")
    static final class Show implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Parameters(paramLabel = "<id>", description = "The prediction.")
        private String id = "";

        @Mixin
        private Api api = new Api();

        @Override
        public Integer call() throws InterruptedException, JsonProcessingException {
            PrintWriter out = out(spec);
            out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(api.get("/v1/dead/" + id)));
            out.flush();
            return 0;
        }
    }

    /** Submits one again. */
    @Command(name = "requeue", mixinStandardHelpOptions = true, description = "Submit one again, once.")
    static final class Requeue implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Parameters(paramLabel = "<id>", description = "The prediction.")
        private String id = "";

        @Mixin
        private Api api = new Api();

        @Override
        public Integer call() throws InterruptedException {
            return ReplayText.follow(api, api.post("/v1/dead/" + id + "/requeue", Json.object()), out(spec));
        }
    }

    private static PrintWriter out(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets it before it calls");
        }
        return spec.commandLine().getOut();
    }
}
