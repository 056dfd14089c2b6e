package dev.auspex.gateway.stream;

import dev.auspex.gateway.domain.ApiException;
import dev.auspex.runtime.lifecycle.ServiceContext;
import dev.auspex.runtime.metrics.Metric;
import dev.auspex.runtime.security.MasterSecret;
import dev.auspex.runtime.security.StreamToken;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/streams/{token}}: a prediction's output as it comes, for whoever has the address. The same stream is at
 * {@code /v1/files/{token}}, the one place where the JavaScript client takes chunks that are file addresses for files.
 * Refusals go to {@code ctx.fail} as {@link ApiException}.
 */
public final class StreamRoutes implements AutoCloseable {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final Pattern EVENT_ID = Pattern.compile("\\d{1,18}:(\\d{1,9})");

    private final MasterSecret secret;
    private final StreamSession.Surroundings around;
    private final Set<StreamSession> open = ConcurrentHashMap.newKeySet();

    /** @param hub started and stopped by the caller */
    public StreamRoutes(ServiceContext context, EventHub hub, PredictionLookup lookup) {
        this(context, hub, lookup, KEEP_ALIVE);
    }

    StreamRoutes(ServiceContext context, EventHub hub, PredictionLookup lookup, Duration keepAlive) {
        this.secret = context.secret();
        this.around = new StreamSession.Surroundings(hub, lookup, keepAlive.toMillis());
        Metric.STREAMS_OPEN.gauge(context.metrics(), open::size);
    }

    /**
     * Adds the routes; call it before any authentication and before {@code FileRoutes}.
     *
     * @param prefix such as {@code /v1}, or empty
     */
    public void mount(Router router, String prefix) {
        router.get(prefix + "/streams/:token").handler(this::stream);
        router.get(prefix + "/files/:token").handler(ctx -> {
            if (ctx.pathParam("token").indexOf('.') >= 0) {
                stream(ctx);
            } else {
                ctx.next();
            }
        });
    }

    /** How many streams are open. */
    int size() {
        return open.size();
    }

    /** Breaks off every open stream; clients come back to another gateway with their last event id. */
    @Override
    public void close() {
        open.forEach(StreamSession::abort);
    }

    private void stream(RoutingContext ctx) {
        Optional<StreamToken> token = StreamToken.parse(secret, ctx.pathParam("token"));
        if (token.isEmpty()) {
            ctx.fail(ApiException.notFound());
            return;
        }
        int next = next(ctx.request().getHeader("Last-Event-ID"));
        StreamSession session = new StreamSession(ctx, around, token.get(), next, open::remove);
        open.add(session);
        session.open();
    }

    // An id of somebody else's making is as good as none.
    private static int next(@Nullable String lastEventId) {
        Matcher matcher = EVENT_ID.matcher(lastEventId == null ? "" : lastEventId);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) + 1 : 0;
    }
}
