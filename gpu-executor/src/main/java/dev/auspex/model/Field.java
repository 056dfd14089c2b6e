package dev.auspex.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one field of a model's input; the published schema is made from it. Component types: {@code String},
 * {@code int}, {@code long}, {@code double}, {@code boolean}, an enum (its constants' lower-case names with hyphens),
 * {@link java.nio.file.Path} for a file (clients send a URL, the model gets a local copy); the boxed types and
 * {@code @Nullable} ones may be absent. A field without {@link #defaultValue} that is neither boxed nor {@code @Nullable}
 * is required.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Field {

    /** One sentence for people. */
    String description();

    /** The default as text; empty for none. */
    String defaultValue() default "";

    /** The smallest number. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The largest number. */
    double max() default Double.POSITIVE_INFINITY;

    /** Whether the field may be left out although it has no default; the model then gets {@code null}. */
    boolean optional() default false;
}
