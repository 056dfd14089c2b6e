package dev.auspex.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.json.Json;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code auspex accounts create|list|limit}: for administrators. */
@Command(
        name = "accounts",
        mixinStandardHelpOptions = true,
        description = "Accounts and their limits.",
        subcommands = {AccountsCommand.Create.class, AccountsCommand.ListAccounts.class, AccountsCommand.Limit.class})
final class AccountsCommand {

    private AccountsCommand() {}

    /** The limits that two commands take. */
    static final class Limits {

        private static final String EVERYBODYS = "default";

        @Option(names = "--creates", paramLabel = "<n>", description = "Predictions a token may create per minute on one gateway; 0 for no limit, default for everybody's.")
        private @Nullable String creates;

        @Option(names = "--reads", paramLabel = "<n>", description = "Single predictions a token may read per minute on one gateway.")
        private @Nullable String reads;

        @Option(names = "--others", paramLabel = "<n>", description = "Other requests a token may make per minute on one gateway.")
        private @Nullable String others;

        @Option(names = "--queued", paramLabel = "<n>", description = "Predictions that may wait for their start at once.")
        private @Nullable String queued;

        void into(ObjectNode limits) {
            put(limits, "creates", creates);
            put(limits, "reads", reads);
            put(limits, "others", others);
            put(limits, "queued", queued);
        }

        private static void put(ObjectNode limits, String name, @Nullable String value) {
            if (value == null) {
                return;
            }
            try {
                limits.put(name, value.equals(EVERYBODYS) ? null : Integer.valueOf(value));
            } catch (NumberFormatException e) {
                throw new StartException("--" + name + ": is '" + value + "', expected a number or " + EVERYBODYS);
            }
        }
    }

    /** Makes one. */
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Make an account; `tokens create --for` then makes its tokens.")
    static final class Create implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private Api api = new Api();

        @Mixin
        private Limits limits = new Limits();

        @Parameters(paramLabel = "<name>", description = "1 to 64 characters of a-z, 0-9, '-' and '_'.")
        private String name = "";

        @Override
        public Integer call() throws InterruptedException {
            ObjectNode body = Json.object().put("username", name);
            limits.into(body.putObject("limits"));
            show(api.post("/v1/accounts", body), out(spec));
            return 0;
        }
    }

    /** One line each. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List all accounts.")
    static final class ListAccounts implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private Api api = new Api();

        @Override
        public Integer call() throws InterruptedException {
            PrintWriter out = out(spec);
            api.get("/v1/accounts").path("results").forEach(account -> show(account, out));
            return 0;
        }
    }

    /** Changes what one is allowed. */
    @Command(name = "limit", mixinStandardHelpOptions = true, description = "Change an account's limits; those that are not named stay.")
    static final class Limit implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private Api api = new Api();

        @Mixin
        private Limits limits = new Limits();

        @Parameters(paramLabel = "<name>", description = "The account.")
        private String name = "";

        @Override
        public Integer call() throws InterruptedException {
            ObjectNode body = Json.object();
            limits.into(body.putObject("limits"));
            show(api.patch("/v1/accounts/" + URLEncoder.encode(name, StandardCharsets.UTF_8), body), out(spec));
            return 0;
        }
    }

    private static void show(JsonNode account, PrintWriter out) {
        String limits = account.path("limits").properties().stream()
                .filter(limit -> limit.getValue().isNumber())
                .map((Map.Entry<String, JsonNode> limit) -> limit.getKey() + "=" + limit.getValue().asText())
                .collect(Collectors.joining(" "));
        out.println(account.path("username").asText() + "  " + account.path("source").asText() + "  " + limits);
        out.flush();
    }

    private static PrintWriter out(@Nullable CommandSpec spec) {
        return Objects.requireNonNull(spec, "picocli sets it before it calls").commandLine().getOut();
    }
}
