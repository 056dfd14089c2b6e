package dev.auspex.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.Parsers;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code auspex tokens create|list|revoke}. */
@Command(
        name = "tokens",
        mixinStandardHelpOptions = true,
        description = "API tokens: make, list and revoke them.",
        subcommands = {TokensCommand.Create.class, TokensCommand.ListTokens.class, TokensCommand.Revoke.class})
final class TokensCommand {

    private TokensCommand() {}

    /** Makes one and shows it, this once. */
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Make a token. It is shown once and kept as a hash.")
    static final class Create implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private Api api = new Api();

        @Option(names = "--for", paramLabel = "<account>", description = "Whose; by default the caller's. Others need an administrator.")
        private @Nullable String owner;

        @Option(names = "--name", description = "What it is for.")
        private @Nullable String name;

        @Option(names = "--scope", split = ",", description = "What it may be used for: predictions:read, predictions:write, files, models:write, webhooks, usage, tokens, admin. By default everything but the last two.")
        private List<String> scopes = new ArrayList<>();

        @Option(names = "--expires", paramLabel = "<duration>", description = "How long it lives, such as 30d; by default for good.")
        private @Nullable String expires;

        @Override
        public Integer call() throws InterruptedException {
            ObjectNode body = Json.object();
            if (owner != null) {
                body.put("account", owner);
            }
            if (name != null) {
                body.put("name", name);
            }
            if (!scopes.isEmpty()) {
                ArrayNode all = body.putArray("scopes");
                scopes.forEach(all::add);
            }
            if (expires != null) {
                body.put("expires_at", Instant.now().plus(life(expires)).toString());
            }
            JsonNode made = api.post("/v1/tokens", body);
            PrintWriter out = out(spec);
            out.println(made.path("token").asText());
            out.println("Token " + made.path("id").asText() + " of " + made.path("account").asText()
                    + ", shown this once. Scopes: " + scopes(made));
            out.flush();
            return 0;
        }

        private static java.time.Duration life(String text) {
            try {
                return Parsers.duration(text);
            } catch (IllegalArgumentException e) {
                throw new StartException("--expires: is '" + text + "', " + e.getMessage());
            }
        }
    }

    /** One line each. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List tokens, newest first.")
    static final class ListTokens implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private Api api = new Api();

        @Option(names = "--for", paramLabel = "<account>", description = "Whose, * for everybody's; by default the caller's.")
        private @Nullable String owner;

        @Override
        public Integer call() throws InterruptedException {
            String query = owner == null ? "" : "?account=" + URLEncoder.encode(owner, StandardCharsets.UTF_8);
            PrintWriter out = out(spec);
            for (JsonNode token : api.get("/v1/tokens" + query).path("results")) {
                out.println(token.path("id").asText() + "  " + token.path("account").asText() + "  " + state(token)
                        + "  last used " + token.path("last_used_on").asText("never").replace("null", "never")
                        + "  " + scopes(token) + "  " + token.path("name").asText());
            }
            out.flush();
            return 0;
        }

        private static String state(JsonNode token) {
            if (token.path("revoked_at").isTextual()) {
                return "revoked " + token.path("revoked_at").asText();
            }
            return token.path("expires_at").isTextual() ? "until " + token.path("expires_at").asText() : "for good";
        }
    }

    /** Ends one. */
    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Revoke a token: from the next moment on it lets nobody in.")
    static final class Revoke implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private Api api = new Api();

        @Parameters(paramLabel = "<id>", description = "The token's id, as `tokens list` shows it.")
        private String id = "";

        @Override
        public Integer call() throws InterruptedException {
            api.delete("/v1/tokens/" + URLEncoder.encode(id, StandardCharsets.UTF_8));
            PrintWriter out = out(spec);
            out.println(id + " is revoked.");
            out.flush();
            return 0;
        }
    }

    private static String scopes(JsonNode token) {
        List<String> names = new ArrayList<>();
        token.path("scopes").forEach(scope -> names.add(scope.asText()));
        return String.join(",", names);
    }

    private static PrintWriter out(@Nullable CommandSpec spec) {
        return Objects.requireNonNull(spec, "picocli sets it before it calls").commandLine().getOut();
    }
}
