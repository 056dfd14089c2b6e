package dev.auspex.gateway.domain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelPage;
import dev.auspex.protocol.catalog.ModelProfile;
import dev.auspex.protocol.catalog.ModelVersion;
import dev.auspex.protocol.catalog.Visibility;
import dev.auspex.protocol.json.Json;

/** Models and versions as the API shows them, with the fields that official clients need to be there. */
public final class ModelJson {

    private ModelJson() {}

    /**
     * A model as everybody sees it who sees it at all.
     *
     * @param baseUrl the API's public address
     * @param runCount how many predictions of it this gateway has accepted since it started: an installation keeps no
     *     count that lives longer
     */
    public static ObjectNode model(Model model, String baseUrl, long runCount) {
        ModelProfile profile = model.profile();
        ModelPage page = profile == null ? ModelPage.EMPTY : profile.page();
        ObjectNode json = Json.object();
        json.put("url", baseUrl + "/v1/models/" + model.name());
        json.put("owner", model.name().owner());
        json.put("name", model.name().name());
        json.put("description", model.description());
        json.put("visibility", profile == null ? Visibility.PUBLIC.wireName() : profile.visibility().wireName());
        json.put("is_official", false);
        json.put("github_url", page.githubUrl());
        json.put("paper_url", page.paperUrl());
        json.put("license_url", page.licenseUrl());
        json.put("weights_url", page.weightsUrl());
        json.put("run_count", runCount);
        json.put("cover_image_url", page.coverImageUrl());
        json.set("default_example", page.example());
        json.put("created_at", model.createdAt().toString());
        ArrayNode hardware = json.putArray("hardware");
        model.hardware().forEach(each -> hardware.add(each.value()));
        json.set("latest_version", model.versions().isEmpty() ? null : version(model.latest()));
        return json;
    }

    /** The readme; without one the description. Empty if there is neither. */
    public static String readme(Model model) {
        ModelProfile profile = model.profile();
        String readme = profile == null ? null : profile.page().readme();
        return readme == null ? model.description() : readme;
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
