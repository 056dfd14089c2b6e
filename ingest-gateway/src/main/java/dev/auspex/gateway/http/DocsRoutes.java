package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.openapi.ApiDocument;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The OpenAPI document at {@code /openapi.json} and, for people, Swagger UI at {@code /docs}, all of it from this process:
 * the page loads nothing from elsewhere. No token is needed. Event loop only.
 */
final class DocsRoutes {

    /** Where a webjar keeps its files, and the one that says which version it is. */
    private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/";
    private static final String WEBJAR_VERSION = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final Map<String, String> TYPES = Map.of(
            "swagger-ui-bundle.js", SCRIPT,
            "swagger-ui.css", "text/css; charset=utf-8",
            "favicon-32x32.png", "image/png");
    private static final String START = "start.js";
    private static final String POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

    private final Buffer document;
    private final Buffer page = own("docs.html");
    private final Buffer start = own(START);
    private final String files = WEBJAR + version() + "/";
    private final ConcurrentMap<String, Buffer> read = new ConcurrentHashMap<>();

    DocsRoutes(ApiDocument document) {
        this.document = Buffer.buffer(document.bytes());
    }

    void mount(Router router) {
        for (String address : new String[] {"/openapi.json", "/v1/openapi.json"}) {
            router.get(address).handler(ctx -> {
                ctx.response().putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
                send(ctx, "application/json", document);
            });
        }
        router.get("/docs").handler(ctx -> {
            ctx.response().putHeader("Content-Security-Policy", POLICY);
            send(ctx, "text/html; charset=utf-8", page);
        });
        router.get("/docs/:file").handler(this::file);
    }

    private void file(RoutingContext ctx) {
        String name = ctx.pathParam("file");
        String type = TYPES.get(name);
        if (START.equals(name)) {
            send(ctx, SCRIPT, start);
        } else if (type == null) {
            ctx.fail(ApiException.notFound());
        } else {
            Buffer known = read.get(name);
            if (known != null) {
                send(ctx, type, known);
            } else {
                ctx.vertx()
                        .executeBlocking(() -> read.computeIfAbsent(name, absent -> resource(files + absent)), false)
                        .onSuccess(content -> send(ctx, type, content))
                        .onFailure(ctx::fail);
            }
        }
    }

    private static void send(RoutingContext ctx, String type, Buffer content) {
        ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "max-age=3600")
                .end(content);
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = open(WEBJAR_VERSION)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static Buffer own(String name) {
        return resource("dev/auspex/gateway/http/" + name);
    }

    private static Buffer resource(String name) {
        try (InputStream in = open(name)) {
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(DocsRoutes.class.getClassLoader().getResourceAsStream(name), name);
    }
}
