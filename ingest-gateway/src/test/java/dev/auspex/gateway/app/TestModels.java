package dev.auspex.gateway.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.Runner;
import dev.auspex.protocol.catalog.Model;
import dev.auspex.protocol.catalog.ModelRegistration;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Models the tests publish. */
public final class TestModels {

    public static final Instant LONG_AGO = Instant.parse("2026-01-02T03:04:05.678Z");

    /** Closed schema, an iterator, runs on the H100 where there is one. */
    public static final Model ECHO = Model.first(
            registration("auspex/echo", "Says what it is told", List.of("gpu-b200", "gpu-h100", "cpu"), """
                    {"openapi":"3.0.2","components":{"schemas":{
                      "Mode":{"title":"Mode","type":"string","enum":["plain","loud"]},
                      "Input":{"type":"object","title":"Input","additionalProperties":false,"required":["prompt"],
                        "properties":{
                          "prompt":{"type":"string","minLength":1,"x-order":0},
                          "seconds":{"type":"number","minimum":0,"maximum":60},
                          "count":{"type":"integer"},
                          "mode":{"allOf":[{"$ref":"#/components/schemas/Mode"}]},
                          "image":{"type":"string","format":"uri","nullable":true},
                          "images":{"type":"array","items":{"type":"string","format":"uri"}},
                          "options":{"type":"object","properties":{"depth":{"type":"integer"}}}}},
                      "Output":{"type":"array","items":{"type":"string"},"x-cog-array-type":"iterator"}}}}"""),
            LONG_AGO);

    /** Two versions, open schema, no iterator. */
    public static final Model PAINTER = Model.first(
                    registration("acme/painter", "Paints pictures", List.of("cpu"), """
                            {"components":{"schemas":{"Input":{"type":"object","properties":{}},
                              "Output":{"type":"string","format":"uri"}}}}"""),
                    LONG_AGO.minusSeconds(60))
            .with(registration("acme/painter", "Paints pictures", List.of("cpu"), """
                            {"components":{"schemas":{"Input":{"type":"object","properties":{"new":{"type":"string"}}},
                              "Output":{"type":"string","format":"uri"}}}}"""),
                    LONG_AGO.plusSeconds(60));

    /** Needs hardware that the test's installation lacks. */
    public static final Model GIANT = Model.first(
            registration("acme/giant", "", List.of("gpu-b200"), "{}"), LONG_AGO.minusSeconds(3600));

    private TestModels() {}

    /** A model without peculiarities. */
    public static Model named(String name) {
        return Model.first(registration(name, "One of many", List.of("cpu"), "{}"), LONG_AGO);
    }

    private static ModelRegistration registration(
            String name, String description, List<String> hardware, String openapi) {
        try {
            return new ModelRegistration(
                    ModelName.of(name),
                    description,
                    hardware.stream().map(HardwareClass::new).toList(),
                    new Runner.Builtin(name.substring(name.indexOf('/') + 1)),
                    (ObjectNode) Json.parse(openapi.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
