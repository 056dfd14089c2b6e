package dev.auspex.executor.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.Field;
import dev.auspex.model.Model;
import dev.auspex.model.ModelEnvironment;
import dev.auspex.model.ModelException;
import dev.auspex.model.ModelInfo;
import dev.auspex.model.Predictor;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputBinderTest {

    enum Move {
        ZOOM_IN, PAN
    }

    record Input(
            @Field(description = "A picture.") Path image,
            @Field(description = "Frames.", defaultValue = "24", min = 1, max = 60) int framesPerSecond,
            @Field(description = "Strength.", defaultValue = "0.5", min = 0) double strength,
            @Field(description = "Move.", defaultValue = "zoom-in") Move move,
            @Field(description = "Loop.", defaultValue = "false") boolean loop,
            @Field(description = "Seed.") @Nullable Long seed,
            @Field(description = "Title.", optional = true) String title) {}

    private final InputBinder<Input> binder = new InputBinder<>(Input.class);

    @Test
    void shouldFillDefaultsWhenFieldsAreLeftOut() throws Exception {
        assertThat(bind("{'image':'u'}"))
                .isEqualTo(new Input(Path.of("/local/image"), 24, 0.5, Move.ZOOM_IN, false, null, null));
    }

    @Test
    void shouldTakeEveryTypeWhenAllIsGiven() throws Exception {
        assertThat(bind("{'image':'u','frames_per_second':30.0,'strength':2,'move':'pan','loop':true,'seed':9,'title':'t'}"))
                .isEqualTo(new Input(Path.of("/local/image"), 30, 2.0, Move.PAN, true, 9L, "t"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{} | input.image: missing, expected the URL of a file",
        "{'image':5} | input.image: expected the URL of a file, got 5",
        "{'image':'bad'} | input.image: nothing there",
        "{'image':'u','frames_per_second':0} | input.frames_per_second: expected an integer from 1 to 60, got 0",
        "{'image':'u','frames_per_second':1.5} | input.frames_per_second: expected an integer from 1 to 60, got 1.5",
        "{'image':'u','frames_per_second':'9'} | input.frames_per_second: expected an integer from 1 to 60, got a string",
        "{'image':'u','strength':-1} | input.strength: expected a number of at least 0, got -1",
        "{'image':'u','move':'fly'} | input.move: expected one of zoom-in, pan, got fly",
        "{'image':'u','loop':'yes'} | input.loop: expected true or false, got a string",
        "{'image':'u','seed':[]} | input.seed: expected an integer, got an array",
        "{'image':'u','titel':'x'} | input.titel: no such field, expected image, frames_per_second, strength, move, loop, seed, title",
    })
    void shouldNameFieldExpectedAndGivenWhenAnInputIsWrong(String json, String message) {
        assertThatThrownBy(() -> bind(json)).isInstanceOf(ModelException.class).hasMessage(message);
    }

    @Test
    void shouldPublishCogsSchemaWhenAModelIsRegistered() throws Exception {
        BuiltinModels models = new BuiltinModels(List.of(new Video()));
        JsonNode schema = models.registrationsFor(List.of(new HardwareClass("gpu-h100"), new HardwareClass("cpu")))
                .get("video")
                .openapiSchema();
        JsonNode input = schema.at("/components/schemas/Input");
        assertThat(schema.get("openapi").asText()).isEqualTo("3.0.2");
        assertThat(input.get("required").toString()).isEqualTo("[\"image\"]");
        assertThat(input.get("additionalProperties").asBoolean(true)).isFalse();
        assertThat(input.at("/properties/image")).hasToString(
                "{\"type\":\"string\",\"format\":\"uri\",\"title\":\"Image\",\"description\":\"A picture.\",\"x-order\":0}");
        assertThat(input.at("/properties/frames_per_second")).hasToString(
                "{\"type\":\"integer\",\"title\":\"Frames Per Second\",\"description\":\"Frames.\",\"x-order\":1,"
                        + "\"minimum\":1,\"maximum\":60,\"default\":24}");
        assertThat(input.at("/properties/move")).hasToString(
                "{\"allOf\":[{\"$ref\":\"#/components/schemas/move\"}],\"description\":\"Move.\",\"x-order\":3,"
                        + "\"default\":\"zoom-in\"}");
        assertThat(input.at("/properties/seed/nullable").asBoolean()).isTrue();
        assertThat(schema.at("/components/schemas/move/enum").toString()).isEqualTo("[\"zoom-in\",\"pan\"]");
        assertThat(schema.at("/components/schemas/Output")).hasToString(
                "{\"title\":\"Output\",\"type\":\"string\",\"format\":\"uri\"}");
    }

    @Test
    void shouldRegisterGpuModelsOnBothClassesAndOthersOnCpuOnly() {
        var both = List.of(new HardwareClass("gpu-h100"), new HardwareClass("cpu"));
        assertThat(new BuiltinModels(List.of(new Video())).registrationsFor(both).get("video").hardware())
                .isEqualTo(both);
        assertThat(BuiltinModels.registrations(Settings.of(Map.of()), both).get("echo").hardware())
                .containsExactly(new HardwareClass("cpu"));
        assertThat(BuiltinModels.registrations(Settings.of(Map.of()), both.subList(0, 1))).doesNotContainKey("echo");
    }

    static final class Video implements Model<Input> {
        @Override
        public ModelInfo info() {
            return new ModelInfo("video", "Moves.", ModelInfo.OutputForm.FILE, true);
        }

        @Override
        public Class<Input> inputType() {
            return Input.class;
        }

        @Override
        public Predictor<Input> setup(ModelEnvironment environment) {
            return (input, context) -> null;
        }
    }

    private Input bind(String json) throws Exception {
        ObjectNode input = (ObjectNode) Json.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return binder.bind(input, (field, url) -> {
            if (url.equals("bad")) {
                throw new IOException("nothing there");
            }
            return Path.of("/local", field);
        });
    }
}
