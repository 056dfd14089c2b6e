package dev.auspex.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a model version is run. Part of every job, so an executor needs nothing else to start it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Runner.Builtin.class, name = "builtin"),
    @JsonSubTypes.Type(value = Runner.CogUrl.class, name = "cog-url"),
    @JsonSubTypes.Type(value = Runner.CogDocker.class, name = "cog-docker")
})
public sealed interface Runner {

    /** A Java model inside the executor. @param model its registered name, such as {@code echo} */
    record Builtin(String model) implements Runner {}

    /** A Cog server that already runs. @param url its base address */
    record CogUrl(String url) implements Runner {}

    /** A Cog image the executor starts. @param image the image reference */
    record CogDocker(String image) implements Runner {}
}
