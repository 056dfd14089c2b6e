package dev.auspex.executor.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.model.ModelException;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a model's input record from a job's JSON: defaults filled in, types and bounds checked, files fetched. Immutable;
 * safe for any thread.
 *
 * @param <I> the input record
 */
public final class InputBinder<I extends Record> {

    private static final int MAX_SHOWN = 40;

    private final List<InputField> fields;
    private final Constructor<I> constructor;

    /** @throws IllegalArgumentException if the type cannot be an input */
    public InputBinder(Class<I> type) {
        this.fields = InputField.of(type);
        try {
            this.constructor = type.getDeclaredConstructor(
                    fields.stream().map(InputField::type).toArray(Class<?>[]::new));
            constructor.setAccessible(true); // the record may be nested in a model and not public
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException("a record has a constructor of its components: " + type.getName(), e);
        }
    }

    /** Gets a local copy of a file that an input names. */
    @FunctionalInterface
    public interface Files {
        /** @throws IOException with a sentence for the client */
        Path fetch(String field, String url) throws IOException;
    }

    /** @throws ModelException naming the field, what was expected and what came */
    public I bind(ObjectNode input, Files files) throws ModelException {
        refuseUnknown(input);
        @Nullable Object[] values = new @Nullable Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            InputField field = fields.get(i);
            JsonNode given = input.get(field.name());
            values[i] = given == null || given.isNull() ? absent(field) : value(field, given, files);
        }
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new ModelException("input: " + message(e.getTargetException()), e.getTargetException());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("input record " + constructor.getDeclaringClass().getName(), e);
        }
    }

    private void refuseUnknown(ObjectNode input) throws ModelException {
        var names = input.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (fields.stream().noneMatch(field -> field.name().equals(name))) {
                throw new ModelException("input." + shown(name) + ": no such field, expected "
                        + fields.stream().map(InputField::name).collect(Collectors.joining(", ")));
            }
        }
    }

    private static @Nullable Object absent(InputField field) throws ModelException {
        if (field.defaultText() != null) {
            return defaultValue(field, field.defaultText());
        }
        if (field.optional()) {
            return null;
        }
        throw new ModelException("input." + field.name() + ": missing, expected " + expected(field));
    }

    private static Object value(InputField field, JsonNode given, Files files) throws ModelException {
        return switch (field.kind()) {
            case STRING -> given.isTextual() ? given.textValue() : refuse(field, given);
            case BOOLEAN -> given.isBoolean() ? (Object) given.booleanValue() : refuse(field, given);
            case INTEGER -> integer(field, given);
            case NUMBER -> number(field, given);
            case ENUM -> constant(field, given);
            case FILE -> file(field, given, files);
        };
    }

    private static Object integer(InputField field, JsonNode given) throws ModelException {
        // 5.0 is an integer to JSON Schema.
        boolean whole = given.isNumber() && given.doubleValue() == Math.rint(given.doubleValue());
        boolean fits = isLong(field) ? given.canConvertToLong() : given.canConvertToInt();
        if (!whole || !fits || outOfBounds(field, given.doubleValue())) {
            return refuse(field, given);
        }
        return isLong(field) ? (Object) given.longValue() : (Object) given.intValue();
    }

    private static Object number(InputField field, JsonNode given) throws ModelException {
        return given.isNumber() && Double.isFinite(given.doubleValue()) && !outOfBounds(field, given.doubleValue())
                ? (Object) given.doubleValue()
                : refuse(field, given);
    }

    private static Object constant(InputField field, JsonNode given) throws ModelException {
        if (given.isTextual()) {
            for (Object constant : field.type().getEnumConstants()) {
                if (InputField.constantName((Enum<?>) constant).equals(given.textValue())) {
                    return constant;
                }
            }
        }
        return refuse(field, given);
    }

    private static Object file(InputField field, JsonNode given, Files files) throws ModelException {
        if (!given.isTextual()) {
            return refuse(field, given);
        }
        try {
            return files.fetch(field.name(), given.textValue());
        } catch (IOException e) {
            throw new ModelException("input." + field.name() + ": " + message(e), e);
        }
    }

    /** The default as JSON, for the schema. @throws IllegalArgumentException if the model's author wrote a wrong one */
    static JsonNode defaultJson(InputField field) {
        String text = java.util.Objects.requireNonNull(field.defaultText());
        Object value = defaultValue(field, text);
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (field.kind()) {
            case INTEGER -> json.numberNode(((Number) value).longValue());
            case NUMBER -> {
                double number = (Double) value;
                yield number == Math.rint(number) ? json.numberNode((long) number) : json.numberNode(number);
            }
            case BOOLEAN -> json.booleanNode((Boolean) value);
            case STRING, ENUM, FILE -> json.textNode(text);
        };
    }

    private static Object defaultValue(InputField field, String text) {
        return switch (field.kind()) {
            case STRING -> text;
            case INTEGER -> isLong(field) ? (Object) Long.parseLong(text) : (Object) Integer.parseInt(text);
            case NUMBER -> Double.parseDouble(text);
            case BOOLEAN -> Boolean.parseBoolean(text);
            case ENUM -> {
                for (Object constant : field.type().getEnumConstants()) {
                    if (InputField.constantName((Enum<?>) constant).equals(text)) {
                        yield constant;
                    }
                }
                throw new IllegalArgumentException(field.name() + ": the default is not one of its values");
            }
            case FILE -> throw new IllegalArgumentException(field.name() + ": a file cannot have a default");
        };
    }

    private static boolean isLong(InputField field) {
        return field.type() == long.class || field.type() == Long.class;
    }

    private static boolean outOfBounds(InputField field, double value) {
        return value < field.min() || value > field.max();
    }

    private static Object refuse(InputField field, JsonNode given) throws ModelException {
        throw new ModelException("input." + field.name() + ": expected " + expected(field) + ", got " + got(field, given));
    }

    private static String expected(InputField field) {
        return switch (field.kind()) {
            case STRING -> "a string";
            case BOOLEAN -> "true or false";
            case INTEGER -> "an integer" + bounds(field);
            case NUMBER -> "a number" + bounds(field);
            case ENUM -> "one of " + String.join(", ", InputField.constants(field.type()));
            case FILE -> "the URL of a file";
        };
    }

    private static String bounds(InputField field) {
        boolean low = field.min() != Double.NEGATIVE_INFINITY;
        boolean high = field.max() != Double.POSITIVE_INFINITY;
        if (low && high) {
            return " from " + plain(field.min()) + " to " + plain(field.max());
        }
        return low ? " of at least " + plain(field.min()) : high ? " of at most " + plain(field.max()) : "";
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e15 ? Long.toString((long) bound) : Double.toString(bound);
    }

    private static String got(InputField field, JsonNode given) {
        if (given.isNumber() || (field.kind() == InputField.Kind.ENUM && given.isTextual())) {
            return shown(given.asText());
        }
        return switch (given.getNodeType()) {
            case STRING -> "a string";
            case BOOLEAN -> given.asText();
            default -> "an " + given.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
