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
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that makes or changes a deployment, of the documented form and checked against the catalogue.
 *
 * @param name the deployment
 * @param change what the client wants different
 */
public record DeploymentRequest(DeploymentName name, DeploymentChange change) {

    /** A request to make a deployment. @throws ApiException 422 with every field that is wrong */
    public static DeploymentRequest create(JsonNode body, AccountId account, VisibleModels catalogue) {
        FieldProblems problems = new FieldProblems();
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
        DeploymentChange change = change(body, problems);
        problems.throwIfAny();
        check(now.name(), now, change, catalogue);
        return new DeploymentRequest(now.name(), change);
    }

    private static DeploymentChange change(JsonNode body, FieldProblems problems) {
        String model = body.path("model").textValue();
        String version = body.path("version").textValue();
        String hardware = body.path("hardware").textValue();
        if (model != null && ModelName.parse(model).isEmpty()) {
            problems.add("model", FieldProblems.FORMAT, "expected owner/name");
        }
        if (version != null && !VersionId.isValid(version)) {
            problems.add("version", FieldProblems.FORMAT, "expected 64 lower-case hexadecimal digits");
        }
        if (hardware != null && !HardwareClass.isValid(hardware)) {
            problems.add("hardware", FieldProblems.FORMAT, "expected a sku of GET /v1/hardware");
        }
        Integer min = number(body.path("min_instances"));
        Integer max = number(body.path("max_instances"));
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

    private static @Nullable Integer number(JsonNode value) {
        return value.isNumber() ? value.intValue() : null;
    }
}
