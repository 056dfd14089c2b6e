package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.access.Scope;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelChange;
import dev.auspex.protocol.catalog.ModelPage;
import dev.auspex.protocol.catalog.Visibility;
import dev.auspex.protocol.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of requests that make or change models and have the documented form. Immutable; safe for any thread.
 *
 * <p>An account makes models under its own name, of what is built into executors. Administrators also make them under names
 * of others, which is how a program written for somebody else's model runs unchanged, and name Cog servers and images:
 * executors call those addresses and run those images.
 */
public final class ModelRequestReader {

    /** As on Replicate. */
    private static final int MOST_MODELS = 1_000;
    /** Made by the installation itself. */
    private static final String RESERVED = "auspex";

    /** What an entry that does not name them takes away. */
    private static final List<String> TEXTS = List.of(
            "description", "readme", "github_url", "paper_url", "license_url", "weights_url", "cover_image_url");

    private final Set<HardwareClass> hardware;

    /** @param hardware the classes of this installation */
    public ModelRequestReader(Collection<HardwareClass> hardware) {
        this.hardware = Set.copyOf(hardware);
    }

    /** The body of {@code POST /v1/models}. @throws ApiException 422 with every field that is wrong, 403 */
    public ModelRequest create(JsonNode body, VisibleModels models, Principal caller) {
        FieldProblems problems = new FieldProblems();
        ModelChange change = change(body, problems);
        problems.throwIfAny();
        ModelName name = ModelName.parse(body.path("owner").asText() + "/" + body.path("name").asText())
                .orElseThrow(() -> ApiException.invalid("name", FieldProblems.FORMAT,
                        "expected owner and name of 1 to 100 letters, digits, '.', '_' and '-' each"));
        checkName(name, models, caller);
        if (models.catalogue().model(name).isPresent()) {
            throw taken();
        }
        return new ModelRequest(name, change, null);
    }

    /** The body of {@code PATCH /v1/models/{owner}/{name}}. @throws ApiException 422 with every field that is wrong */
    public ModelRequest update(JsonNode body, ModelName name) {
        FieldProblems problems = new FieldProblems();
        ModelChange change = change(body, problems);
        JsonNode example = body.path("default_example");
        PredictionId id = null;
        if (example.isTextual() && PredictionId.isValid(example.textValue())) {
            id = new PredictionId(example.textValue());
        } else if (!example.isMissingNode() && !example.isNull()) {
            problems.add("default_example", FieldProblems.FORMAT, "expected the id of a prediction, or null");
        }
        problems.throwIfAny();
        return new ModelRequest(name, example.isNull() ? withoutExample(change) : change, id);
    }

    /**
     * The body of {@code PUT /v1/models/{owner}/{name}}: a whole entry of a catalogue. What it does not name is not there
     * afterwards.
     *
     * @throws ApiException 422 with every field that is wrong, 403
     */
    public ModelRequest entry(JsonNode body, ModelName name, VisibleModels models, Principal caller) {
        FieldProblems problems = new FieldProblems();
        checkName(name, models, caller);
        if (models.catalogue().model(name).isPresent() && models.model(name).isEmpty()) {
            throw taken();
        }
        ObjectNode whole = Json.object();
        TEXTS.forEach(field -> whole.put(field, ""));
        whole.put("visibility", Visibility.PUBLIC.wireName());
        whole.setAll((ObjectNode) body);
        Model builtin = models.builtins().get(body.at("/runner/model").asText());
        if (!body.has("hardware") && builtin != null) {
            whole.set("hardware", Json.tree(builtin.hardware()));
            whole.put("description", body.path("description").asText(builtin.description()));
        }
        if (!whole.has("hardware")) {
            problems.add("hardware", FieldProblems.REQUIRED, "hardware is required");
        }
        ModelChange.Version version = version(body, models, caller, problems);
        ModelChange change = change(whole, problems);
        problems.throwIfAny();
        return new ModelRequest(
                name,
                new ModelChange(change.description(), change.visibility(), change.hardware(), change.page(), version),
                null);
    }

    /** The refusal of a name that another account has; also of a private model, of which it says no more than that. */
    public static ApiException taken() {
        return ApiException.invalid("name", FieldProblems.FORMAT, "there is a model of this name already");
    }

    private static void checkName(ModelName name, VisibleModels models, Principal caller) {
        AccountId account = caller.account();
        boolean own = name.owner().equals(account.value());
        if (name.owner().equals(RESERVED) || (!own && !caller.may(Scope.ADMIN))) {
            throw new ApiException(ApiError.FORBIDDEN,
                    "The account " + account + " makes models of the owner " + account + ", not of " + name.owner() + ".");
        }
        if (models.made() >= MOST_MODELS && models.catalogue().model(name).isEmpty()) {
            throw ApiException.invalid("name", "array_max_items", "an account has at most " + MOST_MODELS + " models");
        }
    }

    private ModelChange change(JsonNode body, FieldProblems problems) {
        String visibility = body.path("visibility").textValue();
        return new ModelChange(
                text(body, "description"),
                visibility == null ? null : Visibility.of(visibility),
                hardware(body, problems),
                page(body, problems),
                null);
    }

    private static ModelPage page(JsonNode body, FieldProblems problems) {
        return new ModelPage(
                text(body, "readme"),
                link(body, "github_url", problems),
                link(body, "paper_url", problems),
                link(body, "license_url", problems),
                link(body, "weights_url", problems),
                link(body, "cover_image_url", problems),
                null);
    }

    private static ModelChange withoutExample(ModelChange change) {
        ModelPage none = new ModelPage(null, null, null, null, null, null, Json.object());
        ModelPage page = change.page() == null ? none : change.page().withExample(Json.object());
        return new ModelChange(change.description(), change.visibility(), change.hardware(), page, change.version());
    }

    private @Nullable List<HardwareClass> hardware(JsonNode body, FieldProblems problems) {
        JsonNode given = body.path("hardware");
        if (given.isMissingNode()) {
            return null;
        }
        List<HardwareClass> classes = new ArrayList<>();
        for (JsonNode each : given.isArray() ? given : Json.mapper().createArrayNode().add(given)) {
            hardware.stream().filter(known -> known.value().equals(each.asText())).findFirst().ifPresentOrElse(
                    found -> {
                        if (!classes.contains(found)) {
                            classes.add(found);
                        }
                    },
                    () -> problems.add("hardware", FieldProblems.ENUM, "expected skus of GET /v1/hardware"));
        }
        return classes;
    }

    private static ModelChange.@Nullable Version version(
            JsonNode body, VisibleModels models, Principal caller, FieldProblems problems) {
        JsonNode given = body.path("runner");
        if (given.isMissingNode()) {
            return null;
        }
        Runner runner = runner(given, models, caller, problems);
        if (runner == null) {
            return null;
        }
        // That of a built-in model is known; Cog servers that do not publish theirs check for themselves.
        ObjectNode known = models.builtins().values().stream()
                .filter(model -> model.latest().runner().equals(runner))
                .findFirst()
                .map(model -> model.latest().openapiSchema())
                .orElseGet(Json::object);
        ObjectNode openapi = body.path("openapi_schema") instanceof ObjectNode object ? object : known;
        try {
            InputSchema.compile(openapi);
        } catch (IllegalArgumentException e) {
            problems.add("openapi_schema", FieldProblems.FORMAT, "its Input cannot be used as a schema");
        }
        return new ModelChange.Version(runner, openapi);
    }

    private static @Nullable Runner runner(
            JsonNode given, VisibleModels models, Principal caller, FieldProblems problems) {
        String kind = given.path("kind").asText();
        String field = switch (kind) {
            case "builtin" -> "model";
            case "cog-url" -> "url";
            default -> "image";
        };
        for (Map.Entry<String, JsonNode> each : given.properties()) {
            if (!each.getKey().equals("kind") && !each.getKey().equals(field)) {
                problems.add("runner." + each.getKey(), FieldProblems.ADDITIONAL_PROPERTY,
                        "additional property " + each.getKey() + " is not allowed");
            }
        }
        String value = given.path(field).asText();
        if (!kind.equals("builtin")) {
            caller.require(Scope.ADMIN);
        }
        String refusal = switch (kind) {
            case "builtin" -> models.builtins().containsKey(value) ? null : "expected one of " + models.builtins().keySet();
            case "cog-url" -> isHttpUrl(value) ? null : "expected an http or https URL";
            default -> value.isBlank() ? "expected the name of an image" : null;
        };
        if (refusal != null) {
            problems.add("runner." + field, FieldProblems.FORMAT, refusal);
            return null;
        }
        return switch (kind) {
            case "builtin" -> new Runner.Builtin(value);
            case "cog-url" -> new Runner.CogUrl(value);
            default -> new Runner.CogDocker(value);
        };
    }

    // Null takes a text away, as an empty one does.
    private static @Nullable String text(JsonNode body, String field) {
        JsonNode value = body.path(field);
        return value.isMissingNode() ? null : value.isNull() ? "" : value.textValue();
    }

    private static @Nullable String link(JsonNode body, String field, FieldProblems problems) {
        String text = text(body, field);
        if (text != null && !text.isEmpty() && !isHttpUrl(text)) {
            problems.add(field, FieldProblems.FORMAT, "expected an http or https URL");
        }
        return text;
    }

    private static boolean isHttpUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
