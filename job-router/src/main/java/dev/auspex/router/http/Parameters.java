package dev.auspex.router.http;

import dev.auspex.protocol.PredictionId;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads query parameters. */
final class Parameters {

    private Parameters() {}

    /** The number; empty if it cannot be read or is out of bounds. */
    static OptionalLong number(RoutingContext ctx, String name, long absent, long min, long max) {
        String text = ctx.request().getParam(name);
        if (text == null) {
            return OptionalLong.of(absent);
        }
        if (!text.matches("\\d{1,9}")) {
            return OptionalLong.empty();
        }
        long value = Long.parseLong(text);
        return value < min || value > max ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** The id; {@code null} if there is none. @throws IllegalArgumentException if it is not one */
    static @Nullable PredictionId id(RoutingContext ctx, String name) {
        String text = ctx.request().getParam(name);
        return text == null ? null : new PredictionId(text);
    }
}
