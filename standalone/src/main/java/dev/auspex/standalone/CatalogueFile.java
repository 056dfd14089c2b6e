package dev.auspex.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a catalogue file: models under names of the operator's choice. Every problem is reported at once, with the entry
 * and key it is in.
 */
final class CatalogueFile {

    private static final Set<String> MODEL_KEYS = Set.of("name", "description", "hardware", "runner");
    private static final Map<String, String> RUNNER_KEYS =
            Map.of("builtin", "model", "cog-url", "url", "cog-docker", "image");
    // What docker takes as a reference: registry, path, tag and digest.
    private static final Pattern IMAGE = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._:/@-]{0,400}");

    private final Path file;
    private final Map<String, ModelRegistration> builtins;
    private final List<HardwareClass> known;
    private final List<String> problems = new ArrayList<>();

    private CatalogueFile(Path file, Map<String, ModelRegistration> builtins, List<HardwareClass> known) {
        this.file = file;
        this.builtins = builtins;
        this.known = known;
    }

    /**
     * Reads the file.
     *
     * @param builtins what executors register of their built-in models, by the name a runner uses
     * @param known the hardware classes of this installation
     * @throws ConfigException with every problem
     */
    static List<ModelRegistration> read(
            Path file, Map<String, ModelRegistration> builtins, List<HardwareClass> known) {
        return new CatalogueFile(file, builtins, known).read();
    }

    private List<ModelRegistration> read() {
        JsonNode root;
        try {
            root = new ObjectMapper(new YAMLFactory()).readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ConfigException("models (AUSPEX_MODELS): cannot read " + file + ": " + e.getMessage());
        }
        JsonNode entries = root.path("models");
        if (!entries.isArray()) {
            throw new ConfigException("models (AUSPEX_MODELS): " + file + " has no list 'models'");
        }
        List<ModelRegistration> registrations = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            ModelRegistration registration = entry("models[" + i + "]", entries.get(i));
            if (registration != null) {
                registrations.add(registration);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return registrations;
    }

    private @Nullable ModelRegistration entry(String where, JsonNode entry) {
        int before = problems.size();
        onlyKeys(where, entry, MODEL_KEYS);
        ModelName name = ModelName.parse(entry.path("name").asText()).orElse(null);
        if (name == null) {
            problem(where + ".name", entry.path("name"), "owner/name");
        }
        Runs runs = runs(where + ".runner", entry.path("runner"));
        List<HardwareClass> hardware = hardware(where + ".hardware", entry.path("hardware"), runs);
        if (problems.size() > before || name == null || runs == null) {
            return null;
        }
        String description = entry.path("description").asText(runs.description());
        return new ModelRegistration(name, description, hardware, runs.runner(), runs.schema());
    }

    /**
     * What a runner brings along.
     *
     * @param hardware where it can run; empty if the entry has to say
     * @param schema of a Cog model it is empty: an executor asks its server
     */
    private record Runs(String description, List<HardwareClass> hardware, Runner runner, ObjectNode schema) {}

    private @Nullable Runs runs(String where, JsonNode runner) {
        String kind = runner.path("kind").asText();
        String key = RUNNER_KEYS.get(kind);
        if (key == null) {
            problem(where + ".kind", runner.path("kind"), "builtin, cog-url or cog-docker");
            return null;
        }
        onlyKeys(where, runner, Set.of("kind", key));
        return switch (kind) {
            case "cog-url" -> cogUrl(where + ".url", runner.path("url"));
            case "cog-docker" -> cogDocker(where + ".image", runner.path("image"));
            default -> builtin(where, runner);
        };
    }

    private @Nullable Runs cogUrl(String where, JsonNode url) {
        try {
            URI address = URI.create(url.asText());
            if (address.getHost() != null && Set.of("http", "https").contains(address.getScheme())
                    && address.getUserInfo() == null && address.getQuery() == null && address.getFragment() == null) {
                return new Runs("", List.of(), new Runner.CogUrl(url.asText()), Json.object());
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        problem(where, url, "the address of a Cog server, http://host:port");
        return null;
    }

    private @Nullable Runs cogDocker(String where, JsonNode image) {
        if (image.isTextual() && IMAGE.matcher(image.textValue()).matches()) {
            return new Runs("", List.of(), new Runner.CogDocker(image.textValue()), Json.object());
        }
        problem(where, image, "an image reference, registry/name:tag or name@sha256:…");
        return null;
    }

    private @Nullable Runs builtin(String where, JsonNode runner) {
        ModelRegistration found = builtins.get(runner.path("model").asText());
        if (found == null || !(found.runner() instanceof Runner.Builtin)) {
            problem(where + ".model", runner.path("model"), "one of " + builtins.keySet().stream().sorted().toList());
            return null;
        }
        return new Runs(found.description(), found.hardware(), found.runner(), found.openapiSchema());
    }

    private List<HardwareClass> hardware(String where, JsonNode node, @Nullable Runs runs) {
        if (node.isMissingNode() && runs != null && !runs.hardware().isEmpty()) {
            return runs.hardware();
        }
        List<JsonNode> names = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(names::add);
        } else {
            names.add(node);
        }
        List<HardwareClass> classes = new ArrayList<>();
        for (JsonNode name : names) {
            known.stream().filter(candidate -> candidate.value().equals(name.asText())).findFirst()
                    .ifPresentOrElse(classes::add, () -> problem(where, name, "one of " + known));
        }
        if (names.isEmpty()) {
            problem(where, node, "at least one of " + known);
        }
        return classes;
    }

    private void onlyKeys(String where, JsonNode node, Set<String> allowed) {
        node.fieldNames().forEachRemaining(key -> {
            if (!allowed.contains(key)) {
                problems.add(file + " " + where + "." + key + ": no such key");
            }
        });
    }

    private void problem(String where, JsonNode value, String expected) {
        String shown = value.isMissingNode() ? "missing" : "is '" + value.asText() + "'";
        problems.add(file + " " + where + ": " + shown + ", expected " + expected);
    }
}
