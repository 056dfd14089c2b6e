package dev.auspex.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.app.TestModels;
import dev.auspex.gateway.domain.ApiException.InvalidField;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputSchemaTest {

    private final InputSchema schema = InputSchema.compile(TestModels.ECHO.latest().openapiSchema());

    @ParameterizedTest
    @ValueSource(strings = {"{'prompt':'x'}", "{'prompt':'x','seconds':60,'count':2.0,'mode':'loud'}",
        "{'prompt':'x','image':null}", "{'prompt':'x','image':'DATA:image/png;base64,AA=='}",
        "{'prompt':'x','images':['http://h/1','https://h/2']}", "{'prompt':'x','options':{'depth':1,'more':true}}"})
    void shouldAcceptWhatTheSchemaAllows(String input) {
        assertThat(problems(schema, input)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                       | input.prompt        | required
            {'prompt':null}                          | input.prompt        | invalid_type
            {'prompt':''}                            | input.prompt        | string_gte
            {'prompt':'x','seconds':'1'}             | input.seconds       | invalid_type
            {'prompt':'x','seconds':60.5}            | input.seconds       | number_lte
            {'prompt':'x','mode':'quiet'}            | input.mode          | enum
            {'prompt':'x','a.b':1}                   | input.a.b           | additional_property_not_allowed
            {'prompt':'x','options':{'depth':'1'}}   | input.options.depth | invalid_type
            {'prompt':'x','image':'picture.png'}     | input.image         | format
            {'prompt':'x','images':['http://h',2]}   | input.images.1      | invalid_type
            {'prompt':'x','images':['file:///x']}    | input.images.0      | format
            """)
    void shouldNameTheFieldWhenSomethingIsWrong(String input, String field, String type) {
        assertThat(problems(schema, input)).extracting(InvalidField::field).containsExactly(field);
        assertThat(problems(schema, input)).extracting(InvalidField::type).containsExactly(type);
    }

    @Test
    void shouldAcceptEverythingWhenThereIsNoInputSchema() {
        assertThat(problems(InputSchema.compile(Json.object()), "{'whatever':[1]}")).isEmpty();
    }

    @Test
    void shouldRefuseToCompileWhenAReferenceLeadsNowhere() {
        assertThatIllegalArgumentException().isThrownBy(() -> InputSchema.compile(object(
                "{'components':{'schemas':{'Input':{'type':'object','properties':{'a':{'$ref':'#/components/schemas/No'}}}}}}")));
    }

    @Test
    void shouldLoadNothingFromElsewhereWhenCompiling() {
        assertThatIllegalArgumentException().isThrownBy(() -> InputSchema.compile(object(
                "{'components':{'schemas':{'Input':{'type':'object','properties':{'a':{'$ref':'http://127.0.0.1:1/x.json'}}}}}}")));
    }

    @Test
    void shouldLimitTheMessagesWhenEverythingIsWrong() {
        ObjectNode input = Json.object().put("prompt", "x");
        for (int i = 0; i < 10_000; i++) {
            input.put("k" + i, i);
        }
        FieldProblems problems = new FieldProblems();
        schema.check(input, problems);

        AtomicReference<ApiException> refusal = new AtomicReference<>();
        try {
            problems.throwIfAny();
        } catch (ApiException e) {
            refusal.set(e);
        }
        assertThat(refusal.get().invalidFields()).hasSize(25);
    }

    @Test
    void shouldThrowNothingWhenNothingIsWrong() {
        assertThatNoException().isThrownBy(() -> new FieldProblems().throwIfAny());
    }

    private static List<InvalidField> problems(InputSchema schema, String input) {
        FieldProblems problems = new FieldProblems();
        schema.check(object(input), problems);
        try {
            problems.throwIfAny();
            return List.of();
        } catch (ApiException e) {
            return e.invalidFields();
        }
    }

    private static ObjectNode object(String json) {
        try {
            return (ObjectNode) Json.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
