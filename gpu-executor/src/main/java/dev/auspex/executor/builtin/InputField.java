package dev.auspex.executor.builtin;

import dev.auspex.model.Field;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One input field of a model, read from its record component. Java's {@code outputFps} is {@code output_fps} in JSON.
 *
 * @param name in JSON
 * @param type the component's type
 * @param kind what JSON carries
 * @param description one sentence
 * @param defaultText the default as text; {@code null} for none
 * @param optional whether the model takes {@code null}
 * @param min the smallest number, maybe minus infinity
 * @param max the largest number, maybe infinity
 */
record InputField(
        String name,
        Class<?> type,
        Kind kind,
        String description,
        @Nullable String defaultText,
        boolean optional,
        double min,
        double max) {

    /** What JSON carries. */
    enum Kind {
        STRING, INTEGER, NUMBER, BOOLEAN, ENUM, FILE
    }

    /** The fields of an input record, in order. @throws IllegalArgumentException if a component cannot be one */
    static List<InputField> of(Class<? extends Record> input) {
        List<InputField> fields = new ArrayList<>();
        for (RecordComponent component : input.getRecordComponents()) {
            fields.add(of(input, component));
        }
        return List.copyOf(fields);
    }

    /** Whether clients must send it. */
    boolean required() {
        return defaultText == null && !optional;
    }

    /** The names of an enum type's constants in JSON. */
    static List<String> constants(Class<?> type) {
        List<String> names = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            names.add(constantName((Enum<?>) constant));
        }
        return names;
    }

    static String constantName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static InputField of(Class<?> input, RecordComponent component) {
        Field field = component.getAnnotation(Field.class);
        if (field == null) {
            throw new IllegalArgumentException(
                    input.getName() + "." + component.getName() + ": expected a @Field annotation");
        }
        Class<?> type = component.getType();
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return new InputField(
                snakeCase(component.getName()),
                type,
                kind(input, component),
                field.description(),
                field.defaultValue().isEmpty() ? null : field.defaultValue(),
                field.optional() || nullable || isBoxed(type),
                field.min(),
                field.max());
    }

    private static Kind kind(Class<?> input, RecordComponent component) {
        Class<?> type = component.getType();
        if (type == String.class) {
            return Kind.STRING;
        } else if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return Kind.INTEGER;
        } else if (type == double.class || type == Double.class) {
            return Kind.NUMBER;
        } else if (type == boolean.class || type == Boolean.class) {
            return Kind.BOOLEAN;
        } else if (type.isEnum()) {
            return Kind.ENUM;
        } else if (type == Path.class) {
            return Kind.FILE;
        }
        throw new IllegalArgumentException(input.getName() + "." + component.getName() + ": a field cannot be a "
                + type.getName() + "; expected String, int, long, double, boolean, an enum or Path");
    }

    private static boolean isBoxed(Class<?> type) {
        return type == Integer.class || type == Long.class || type == Double.class || type == Boolean.class;
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
