package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelVersion;
import dev.auspex.protocol.json.Json;

/** Models and versions as the API shows them, with the fields that official clients need to be there. */
public final class ModelJson {

    private ModelJson() {}

    /**
     * A model.
     *
     * @param baseUrl the API's public address
     * @param runCount how many predictions of it this gateway has accepted since it started: an installation keeps no
     *     count that lives longer
     */
    public static ObjectNode model(Model model, String baseUrl, long runCount) {
        ObjectNode json = Json.object();
        json.put("url", baseUrl + "/v1/models/" + model.name());
        json.put("owner", model.name().owner());
        json.put("name", model.name().name());
        json.put("description", model.description());
        json.put("visibility", "public");
        json.put("is_official", false);
        json.putNull("github_url");
        json.putNull("paper_url");
        json.putNull("license_url");
        json.put("run_count", runCount);
        json.putNull("cover_image_url");
        json.putNull("default_example");
        json.put("created_at", model.createdAt().toString());
        json.set("latest_version", version(model.latest()));
        return json;
    }

    /** A version. Some clients fail on a missing or null {@code cog_version}; all take an empty one as "unknown". */
    public static ObjectNode version(ModelVersion version) {
        ObjectNode json = Json.object();
        json.put("id", version.id().value());
        json.put("created_at", version.createdAt().toString());
        json.put("cog_version", "");
        json.set("openapi_schema", version.openapiSchema());
        return json;
    }
}
