package dev.auspex.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.FieldProblems;
import dev.auspex.gateway.domain.FiniteNumbers;
import dev.auspex.gateway.domain.SchemaProblems;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One operation of the document and what it asks of a request. Safe for any thread. */
public final class Operation {

    private static final String JSON_BODY = "/requestBody";

    private final ApiDocument document;
    private final String method;
    private final String path;
    private final String pointer;
    private final String[] segments;
    private final List<Parameter> query = new ArrayList<>();
    private final @Nullable LazySchema body;

    private record Parameter(String name, boolean required, String type, LazySchema schema) {}

    /** Compiled at the first use: a start needs none of them. Safe for any thread. */
    private static final class LazySchema {
        private final ApiDocument document;
        private final String pointer;
        private volatile @Nullable Schema compiled;

        LazySchema(ApiDocument document, String pointer) {
            this.document = document;
            this.pointer = pointer;
        }

        List<Error> validate(JsonNode value) {
            Schema known = compiled;
            if (known == null) {
                known = document.schema(pointer);
                compiled = known;
            }
            return known.validate(value);
        }
    }

    Operation(ApiDocument document, String method, String path, String pointer) {
        this.document = document;
        this.method = method;
        this.path = path;
        this.pointer = pointer;
        this.segments = path.split("/", -1);
        for (String place : places()) {
            JsonNode parameter = document.at(place);
            if (parameter.path("in").asText().equals("query")) {
                query.add(new Parameter(
                        parameter.path("name").asText(),
                        parameter.path("required").asBoolean(),
                        parameter.at("/schema/type").asText(),
                        new LazySchema(document, place + "/schema")));
            }
        }
        String content = document.place(pointer + JSON_BODY) + "/content/application~1json/schema";
        this.body =
                document.at(content).isMissingNode() ? null : new LazySchema(document, document.place(content));
    }

    /** Where its parameters are. */
    private List<String> places() {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < document.at(pointer).path("parameters").size(); i++) {
            places.add(document.place(pointer + "/parameters/" + i));
        }
        return places;
    }

    /** What the document says of its parameters, of all kinds. */
    public List<JsonNode> parameters() {
        return places().stream().map(document::at).toList();
    }

    /** Of HTTP. */
    public String method() {
        return method;
    }

    /** Its address with variables in braces. */
    public String path() {
        return path;
    }

    /** Its place in the document, a JSON pointer. */
    public String pointer() {
        return pointer;
    }

    /** What the document says of it. */
    public JsonNode description() {
        return document.at(pointer);
    }

    boolean fits(String ofMethod, String[] address) {
        if (!method.equals(ofMethod) || segments.length != address.length) {
            return false;
        }
        for (int i = 0; i < segments.length; i++) {
            if (!isVariable(segments[i]) && !segments[i].equals(address[i])) {
                return false;
            }
        }
        return true;
    }

    long variables() {
        long count = 0;
        for (String segment : segments) {
            count += isVariable(segment) ? 1 : 0;
        }
        return count;
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }

    /**
     * Checks the query parameters that the document names; others are nobody's business.
     *
     * @param value gives a parameter's value or {@code null}
     * @throws dev.auspex.gateway.domain.ApiException naming every one that is wrong
     */
    public void checkQuery(Function<String, @Nullable String> value) {
        if (query.isEmpty()) {
            return;
        }
        FieldProblems problems = new FieldProblems();
        for (Parameter parameter : query) {
            String text = value.apply(parameter.name());
            if (text != null) {
                parameter.schema().validate(typed(text, parameter.type()))
                        .forEach(error -> SchemaProblems.report(error, parameter.name(), problems));
            } else if (parameter.required()) {
                problems.add(parameter.name(), FieldProblems.REQUIRED, parameter.name() + " is required");
            }
        }
        problems.throwIfAny(refusal());
    }

    /** A text that is not of the type stays a text, which the schema then refuses. */
    private static JsonNode typed(String text, String type) {
        if (type.equals("integer") && text.matches("-?\\d{1,18}")) {
            return LongNode.valueOf(Long.parseLong(text));
        }
        if (type.equals("boolean") && (text.equals("true") || text.equals("false"))) {
            return BooleanNode.valueOf(text.equals("true"));
        }
        return TextNode.valueOf(text);
    }

    /** Checks a JSON body. @throws dev.auspex.gateway.domain.ApiException naming every field that is wrong */
    public void checkBody(JsonNode json) {
        if (body != null) {
            FieldProblems problems = new FieldProblems();
            FiniteNumbers.check(json, "", problems);
            problems.throwIfAny(refusal());
            body.validate(json).forEach(error -> SchemaProblems.report(error, "", problems));
            problems.throwIfAny(refusal());
        }
    }

    // Some routes refuse with another status than the rest, as on Replicate.
    private ApiError refusal() {
        return document.at(pointer).path("x-refusal").asText().equals(ApiError.BAD_REQUEST.code())
                ? ApiError.BAD_REQUEST
                : ApiError.INVALID_REQUEST;
    }
}
