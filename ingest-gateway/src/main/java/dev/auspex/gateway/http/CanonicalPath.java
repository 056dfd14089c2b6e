package dev.auspex.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * Sends requests on to the address under {@code /v1} that they mean. Official clients disagree about whether the base URL
 * they are given ends in {@code /v1}, so {@code /predictions} and {@code /v1/v1/predictions} mean {@code /v1/predictions}.
 * Go appends the absolute {@code next} of a page to its base URL, so {@code /v1/http://host/v1/predictions?cursor=c} means
 * {@code /v1/predictions?cursor=c} if the host is ours.
 */
final class CanonicalPath implements Handler<RoutingContext> {

    private static final String V1 = "/v1/";

    private final BaseUrl baseUrl;

    CanonicalPath(BaseUrl baseUrl) {
        this.baseUrl = baseUrl;
    }

    @Override
    public void handle(RoutingContext ctx) {
        String path = ctx.request().path();
        if (!path.startsWith(V1)) {
            reroute(ctx, "/v1" + target(ctx));
        } else if (path.startsWith("v1/", V1.length())) {
            reroute(ctx, target(ctx).substring(V1.length() - 1));
        } else if (path.startsWith("http:/", V1.length()) || path.startsWith("https:/", V1.length())) {
            embedded(ctx, target(ctx));
        } else {
            ctx.next();
        }
    }

    private void embedded(RoutingContext ctx, String target) {
        int host = target.indexOf(":/") + 2;
        if (target.startsWith("/", host)) {
            host++;
        }
        int path = target.indexOf('/', host);
        boolean own = path > 0 && baseUrl.isOwn(ctx.request(), target.substring(host, path));
        // Once: an address inside an address inside an address is nobody's next page.
        boolean plain = own && target.startsWith(V1, path) && !target.startsWith("http", path + V1.length());
        if (plain && HttpMethod.GET.equals(ctx.request().method())) {
            reroute(ctx, target.substring(path));
        } else {
            ctx.fail(404);
        }
    }

    private static String target(RoutingContext ctx) {
        String query = ctx.request().query();
        return query == null ? ctx.request().path() : ctx.request().path() + "?" + query;
    }

    private static void reroute(RoutingContext ctx, String target) {
        ctx.reroute(ctx.request().method(), target);
    }
}
