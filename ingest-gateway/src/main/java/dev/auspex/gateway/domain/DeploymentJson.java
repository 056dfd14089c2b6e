package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.catalog.Deployment;
import dev.auspex.protocol.json.Json;

/** Deployments as the API shows them. */
public final class DeploymentJson {

    private DeploymentJson() {}

    /** A deployment with its current release; earlier ones are not kept. */
    public static ObjectNode of(Deployment deployment) {
        Deployment.Release release = deployment.release();
        String owner = deployment.name().owner().value();
        ObjectNode json = Json.object();
        json.put("owner", owner);
        json.put("name", deployment.name().name());
        ObjectNode current = json.putObject("current_release");
        current.put("number", release.number());
        current.put("model", release.model().toString());
        current.put("version", release.version().value());
        current.put("created_at", release.createdAt().toString());
        current.putObject("created_by").put("type", "organization").put("username", owner).put("name", owner);
        current.putObject("configuration")
                .put("hardware", release.hardware().value())
                .put("min_instances", release.minInstances())
                .put("max_instances", release.maxInstances());
        return json;
    }
}
