package dev.auspex.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.auspex.protocol.ModelName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code auspex models …}: the models of a running Auspex. */
@Command(name = "models", description = "Publish models, list them and show one.")
final class ModelsCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    private boolean help;

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static String path(ModelName name) {
        return "/v1/models/" + name;
    }

    private static ModelName name(String text) {
        return ModelName.parse(text)
                .orElseThrow(() -> new StartException("'" + text + "' is no model name: expected owner/name."));
    }

    @Command(name = "apply", mixinStandardHelpOptions = true, description = "Publish the models of a catalogue file. Repeating it changes nothing.")
    int apply(
            @Mixin Api api,
            @Parameters(paramLabel = "<file>", description = "A YAML file with a list 'models', see docs/models.md.") Path file)
            throws InterruptedException {
        int refused = 0;
        for (Map.Entry<ModelName, ObjectNode> entry : entries(file).entrySet()) {
            try {
                Api.Answer answer = api.put(path(entry.getKey()), entry.getValue());
                out().println(answer.effect() + " " + entry.getKey());
            } catch (StartException e) {
                refused++;
                out().println("refused " + entry.getKey() + ": " + e.getMessage());
            }
        }
        out().flush();
        return refused == 0 ? 0 : 2;
    }

    private static Map<ModelName, ObjectNode> entries(Path file) {
        JsonNode models;
        try {
            models = new ObjectMapper(new YAMLFactory()).readTree(Files.readAllBytes(file)).path("models");
        } catch (IOException e) {
            throw new StartException("Cannot read " + file + ": " + e.getMessage());
        }
        if (!models.isArray()) {
            throw new StartException(file + " has no list 'models'.");
        }
        Map<ModelName, ObjectNode> entries = new LinkedHashMap<>();
        for (int i = 0; i < models.size(); i++) {
            if (!(models.get(i) instanceof ObjectNode entry)) {
                throw new StartException(file + " models[" + i + "]: expected an entry with a name and a runner.");
            }
            ObjectNode body = entry.deepCopy();
            ModelName name = name(body.path("name").asText());
            body.remove("name");
            entries.put(name, body);
        }
        return entries;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the models that the account sees.")
    int list(@Mixin Api api) throws InterruptedException {
        String next = "/v1/models";
        while (next != null) {
            JsonNode page = api.get(next);
            for (JsonNode model : page.path("results")) {
                out().printf("%-40s %-8s %-12.12s %s%n",
                        model.path("owner").asText() + "/" + model.path("name").asText(),
                        model.path("visibility").asText(),
                        model.at("/latest_version/id").asText("no version"),
                        model.path("description").asText());
            }
            String address = page.path("next").asText("");
            next = page.path("next").isTextual() ? address.substring(address.indexOf("/v1/models")) : null;
        }
        out().flush();
        return 0;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a model and what its newest version takes.")
    int show(@Mixin Api api, @Parameters(paramLabel = "<owner/name>", description = "The model.") String model)
            throws InterruptedException {
        JsonNode json = api.get(path(name(model)));
        out().println(json.path("owner").asText() + "/" + json.path("name").asText() + "  " + json.path("description").asText());
        out().println("visibility  " + json.path("visibility").asText());
        out().println("hardware    " + StreamSupport.stream(json.path("hardware").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(", ")));
        out().println("version     " + json.at("/latest_version/id").asText("none"));
        JsonNode input = json.at("/latest_version/openapi_schema/components/schemas/Input");
        for (Map.Entry<String, JsonNode> field : input.path("properties").properties()) {
            boolean required = StreamSupport.stream(input.path("required").spliterator(), false)
                    .anyMatch(each -> each.asText().equals(field.getKey()));
            JsonNode fallback = field.getValue().path("default");
            out().printf("  %-20s %-8s %-10s %s%n",
                    field.getKey(),
                    field.getValue().path("type").asText("any"),
                    required ? "required" : fallback.isMissingNode() ? "" : fallback.toString(),
                    field.getValue().path("description").asText());
        }
        out().flush();
        return 0;
    }
}
