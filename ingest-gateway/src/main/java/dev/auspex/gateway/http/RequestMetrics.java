package dev.auspex.gateway.http;

import dev.auspex.runtime.metrics.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** Times every request by route and status. The meters are looked up once. Safe for any thread. */
final class RequestMetrics implements Handler<RoutingContext> {

    private static final String TIMED = "auspex.timed";

    private final MeterRegistry registry;
    private final ConcurrentMap<String, ConcurrentMap<Integer, Timer>> timers = new ConcurrentHashMap<>();

    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void handle(RoutingContext ctx) {
        // A request that is sent on to another address passes here again.
        if (ctx.get(TIMED) == null) {
            ctx.put(TIMED, true);
            long begin = System.nanoTime();
            ctx.addEndHandler(ended -> timer(route(ctx), ctx.response().getStatusCode())
                    .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS));
        }
        ctx.next();
    }

    /** The route's pattern: a small closed set, unlike the path. */
    static String route(RoutingContext ctx) {
        Route route = ctx.currentRoute();
        String name = route == null ? null : route.getName();
        return name == null ? "none" : name;
    }

    private Timer timer(String route, int status) {
        return timers.computeIfAbsent(route, name -> new ConcurrentHashMap<>())
                .computeIfAbsent(status, code -> Metric.HTTP_REQUESTS.timer(registry, route, Integer.toString(code)));
    }
}
