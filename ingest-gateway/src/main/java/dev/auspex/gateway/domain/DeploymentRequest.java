package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.DeploymentName;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.VersionId;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.catalog.DeploymentChange;
import dev.auspex.protocol.catalog.Model;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that makes or changes a deployment, checked against the catalogue.
 *
 * @param name the deployment
 * @param change what the client wants different
 */
public record DeploymentRequest(DeploymentName name, DeploymentChange change) {

    private static final List<String> KNOWN =
            List.of("name", "model", "version", "hardware", "min_instances", "max_instances");
    /** As on Replicate. */
    private static final int MOST_MIN_INSTANCES = 5;
    private static final int MOST_MAX_INSTANCES = 20;

    /** A request to make a deployment. @throws ApiException 422 with every field that is wrong */
    public static DeploymentRequest create(JsonNode body, AccountId account, VisibleModels catalogue) {
        FieldProblems problems = new FieldProblems();
        checkFields(body, true, problems);
        for (String field : KNOWN) {
            if (!body.path(field).isTextual() && !body.path(field).isNumber()) {
                problems.add(field, FieldProblems.REQUIRED, field + " is required");
            }
        }
        problems.throwIfAny();
        String text = body.get("name").asText();
        String own = account + "/";
        DeploymentName name = DeploymentName.parse(
                        account.value(), text.startsWith(own) ? text.substring(own.length()) : text)
                .orElseThrow(() -> ApiException.invalid(
                        "name", FieldProblems.FORMAT, "expected 1 to 100 letters, digits, '.', '_' and '-'"));
        DeploymentChange change = change(body, problems);
        problems.throwIfAny();
        check(name, null, change, catalogue);
        return new DeploymentRequest(name, change);
    }

    /** A request to change a deployment. @throws ApiException 422 with every field that is wrong */
    public static DeploymentRequest update(JsonNode body, Deployment now, VisibleModels catalogue) {
        FieldProblems problems = new FieldProblems();
        checkFields(body, false, problems);
        DeploymentChange change = change(body, problems);
        problems.throwIfAny();
        check(now.name(), now, change, catalogue);
        return new DeploymentRequest(now.name(), change);
    }

    private static void checkFields(JsonNode body, boolean named, FieldProblems problems) {
        if (!body.isObject()) {
            throw ApiException.invalid("", FieldProblems.INVALID_TYPE, "the body must be a JSON object");
        }
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            String key = field.getKey();
            if (!KNOWN.contains(key) || (!named && key.equals("name"))) {
                problems.add(key, FieldProblems.ADDITIONAL_PROPERTY, "additional property " + key + " is not allowed");
            }
        }
    }

    private static DeploymentChange change(JsonNode body, FieldProblems problems) {
        String model = text(body, "model", problems);
        String version = text(body, "version", problems);
        String hardware = text(body, "hardware", problems);
        if (model != null && ModelName.parse(model).isEmpty()) {
            problems.add("model", FieldProblems.FORMAT, "expected owner/name");
        }
        if (version != null && !VersionId.isValid(version)) {
            problems.add("version", FieldProblems.FORMAT, "expected 64 lower-case hexadecimal digits");
        }
        if (hardware != null && !HardwareClass.isValid(hardware)) {
            problems.add("hardware", FieldProblems.FORMAT, "expected a sku of GET /v1/hardware");
        }
        Integer min = number(body, "min_instances", MOST_MIN_INSTANCES, problems);
        Integer max = number(body, "max_instances", MOST_MAX_INSTANCES, problems);
        problems.throwIfAny();
        return new DeploymentChange(
                model == null ? null : ModelName.of(model),
                version == null ? null : new VersionId(version),
                hardware == null ? null : new HardwareClass(hardware),
                min,
                max);
    }

    // What the router will make of it.
    private static void check(
            DeploymentName name, @Nullable Deployment now, DeploymentChange change, VisibleModels catalogue) {
        Deployment.Release next = Deployment.after(name, now, change, "", Instant.EPOCH)
                .orElseThrow(() -> new IllegalStateException("a missing field was not reported"))
                .release();
        Model model = catalogue.resolve(new VersionRef.Pinned(next.model(), next.version())).model();
        if (!catalogue.canRun(model, next.hardware())) {
            List<HardwareClass> usable =
                    model.hardware().stream().filter(hardware -> catalogue.canRun(model, hardware)).toList();
            throw ApiException.invalid("hardware", FieldProblems.ENUM, model.name() + " runs on " + usable);
        }
        if (next.minInstances() > next.maxInstances()) {
            throw ApiException.invalid("max_instances", FieldProblems.FORMAT, "expected at least min_instances");
        }
    }

    private static @Nullable String text(JsonNode body, String field, FieldProblems problems) {
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            problems.add(field, FieldProblems.INVALID_TYPE, "expected a string, found " + typeOf(value));
            return null;
        }
        return value.textValue();
    }

    private static @Nullable Integer number(JsonNode body, String field, int most, FieldProblems problems) {
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0 || value.intValue() > most) {
            problems.add(field, FieldProblems.FORMAT, "expected an integer from 0 to " + most);
            return null;
        }
        return value.intValue();
    }

    private static String typeOf(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
