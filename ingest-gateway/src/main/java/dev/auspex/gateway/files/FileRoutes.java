package dev.auspex.gateway.files;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.Cursor;
import dev.auspex.gateway.domain.IdempotencyKey;
import dev.auspex.gateway.http.Caller;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileSignature;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.FileUrls;
import dev.auspex.runtime.files.StorageAwayException;
import dev.auspex.runtime.files.StoredFile;
import dev.auspex.runtime.lifecycle.ServiceContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * The Files API and the downloads of outputs. The gateway calls, in this order,
 *
 * <ol>
 *   <li>{@link #mountOpen} for every prefix the API has ({@code /v1} and others), before any authentication;
 *   <li>{@link #mountOutputs} once, before any authentication;
 *   <li>{@link #mountAuthenticated} for every prefix, after the handler that sets {@link Caller}.
 * </ol>
 *
 * <p>No body handler may run before these routes: uploads read their body themselves. Refusals go to {@code ctx.fail}
 * as {@link ApiException}. Handlers run on the event loop and leave it for every access to the store.
 */
public final class FileRoutes {

    private static final int PAGE = 100;

    private final FileStore files;
    private final Clock clock;
    private final FileSignature signature;
    private final FileSender sender;
    private final UploadHandler upload;
    private final KeyedUploads keyed;
    private final Function<RoutingContext, String> baseUrl;

    /**
     * @param claims of uploads with an idempotency key
     * @param baseUrl the API's public address for a request, without a trailing slash
     */
    public FileRoutes(ServiceContext context, Claims claims, Function<RoutingContext, String> baseUrl) {
        this(context, claims, baseUrl, UploadHandler.PATIENCE);
    }

    FileRoutes(ServiceContext context, Claims claims, Function<RoutingContext, String> baseUrl, Duration patience) {
        this.files = context.files();
        this.clock = context.clock();
        this.signature = new FileSignature(context.secret());
        this.sender = new FileSender(files);
        this.baseUrl = baseUrl;
        this.keyed = new KeyedUploads(files, clock, claims);
        this.upload = new UploadHandler(files, clock, context.settings(), patience, this::stored);
    }

    /**
     * Adds {@code GET <prefix>/files/{id}/download} for requests with a signature; others go on to the next route.
     *
     * @param prefix such as {@code /v1}, or empty
     */
    public void mountOpen(Router router, String prefix) {
        router.route(prefix + "/files/:id/download").method(HttpMethod.GET).method(HttpMethod.HEAD)
                .handler(this::signedDownload);
    }

    /** Adds {@code GET|HEAD /files/{id}/{name}}: outputs, whose unguessable address is the permission. */
    public void mountOutputs(Router router) {
        router.route(FileUrls.OUTPUTS + ":id/:name").method(HttpMethod.GET).method(HttpMethod.HEAD)
                .handler(this::output);
    }

    /**
     * Adds the routes of the caller's uploads.
     *
     * @param prefix such as {@code /v1}, or empty
     */
    public void mountAuthenticated(Router router, String prefix) {
        router.post(prefix + "/files").handler(upload);
        router.get(prefix + "/files").handler(this::list);
        router.get(prefix + "/files/:id").handler(this::get);
        router.delete(prefix + "/files/:id").handler(this::delete);
        router.route(prefix + "/files/:id/download").method(HttpMethod.GET).method(HttpMethod.HEAD)
                .handler(this::ownDownload);
    }

    private void stored(RoutingContext ctx, StoredFile file) {
        Optional<IdempotencyKey> key = UploadHandler.key(ctx);
        if (key.isEmpty()) {
            created(ctx, file);
            return;
        }
        keyed.settle(ctx, key.get(), file).onSuccess(settled -> {
            if (ctx.response().closed()) {
                return;
            }
            if (settled.replayed()) {
                ctx.response().putHeader(IdempotencyKey.REPLAYED, "true");
            }
            created(ctx, settled.file());
        }).onFailure(ctx::fail);
    }

    private void created(RoutingContext ctx, StoredFile file) {
        ctx.response().putHeader(HttpHeaders.LOCATION, FileUrls.upload(baseUrl.apply(ctx), file.id()));
        json(ctx, 201, FileJson.file(file, baseUrl.apply(ctx)));
    }

    private void list(RoutingContext ctx) {
        AccountId account = Caller.account(ctx);
        String cursor = ctx.request().getParam("cursor");
        Cursor.Place place = cursor == null || cursor.isEmpty() ? null : Cursor.place(cursor);
        if (place != null && !FileId.isValid(place.position())) {
            throw Cursor.invalid();
        }
        FileId edge = place == null ? null : new FileId(place.position());
        boolean back = place != null && place.back();
        offLoop(ctx, () -> back && edge != null
                        ? files.newerUploads(account, edge, PAGE + 1)
                        : files.uploads(account, edge, PAGE + 1))
                .onSuccess(found -> {
                    // Of one more than fits the farthest is only a sign that there are more.
                    boolean more = found.size() > PAGE;
                    List<StoredFile> page = !more ? found : back ? found.subList(1, found.size()) : found.subList(0, PAGE);
                    String next = page.isEmpty() || !(back || more)
                            ? null
                            : page(ctx, Cursor.of(page.getLast().id().value()));
                    String previous = page.isEmpty() || !(back ? more : edge != null)
                            ? null
                            : page(ctx, Cursor.back(page.getFirst().id().value()));
                    json(ctx, 200, FileJson.page(page, baseUrl.apply(ctx), next, previous));
                })
                .onFailure(ctx::fail);
    }

    private String page(RoutingContext ctx, String cursor) {
        return baseUrl.apply(ctx) + "/v1/files?cursor=" + cursor;
    }

    private void get(RoutingContext ctx) {
        own(ctx).onSuccess(file -> json(ctx, 200, FileJson.file(file, baseUrl.apply(ctx)))).onFailure(ctx::fail);
    }

    private void delete(RoutingContext ctx) {
        own(ctx).compose(file -> offLoop(ctx, () -> files.delete(file.id())))
                .onSuccess(deleted -> {
                    if (deleted) {
                        ctx.response().setStatusCode(204).end();
                    } else {
                        ctx.fail(ApiException.notFound());
                    }
                })
                .onFailure(ctx::fail);
    }

    private void ownDownload(RoutingContext ctx) {
        own(ctx).onSuccess(file -> sender.send(ctx, file, FileSender.Audience.PRIVATE)).onFailure(ctx::fail);
    }

    private void signedDownload(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String given = request.getParam("signature");
        if (given == null) {
            ctx.next();
            return;
        }
        String owner = request.getParam("owner", "");
        String expiry = request.getParam("expiry", "");
        String id = ctx.pathParam("id");
        if (!AccountId.isValid(owner) || !FileId.isValid(id) || !expiry.matches("\\d{1,18}")) {
            ctx.fail(ApiException.notFound());
            return;
        }
        AccountId account = new AccountId(owner);
        if (!signature.permits(account, new FileId(id), Long.parseLong(expiry), given, clock.instant())) {
            ctx.fail(ApiException.notFound());
            return;
        }
        upload(ctx, account)
                .onSuccess(file -> sender.send(ctx, file, FileSender.Audience.PRIVATE))
                .onFailure(ctx::fail);
    }

    private void output(RoutingContext ctx) {
        find(ctx).onSuccess(found -> {
            Optional<StoredFile> output = found.filter(file -> file.kind() == StoredFile.Kind.OUTPUT);
            if (output.isPresent()) {
                sender.send(ctx, output.get(), FileSender.Audience.PUBLIC);
            } else if (ctx.pathParam("name").equals("download")) {
                ctx.next(); // where the API is mounted without a prefix, this is an upload's address
            } else {
                ctx.fail(ApiException.notFound());
            }
        }).onFailure(ctx::fail);
    }

    private Future<StoredFile> own(RoutingContext ctx) {
        return upload(ctx, Caller.account(ctx));
    }

    // Somebody else's file is answered like one that does not exist.
    private Future<StoredFile> upload(RoutingContext ctx, AccountId account) {
        return find(ctx).map(found -> found
                .filter(file -> file.kind() == StoredFile.Kind.UPLOAD && file.account().equals(account))
                .orElseThrow(ApiException::notFound));
    }

    // Only text of an id's form comes near the file system.
    private Future<Optional<StoredFile>> find(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        return FileId.isValid(id)
                ? offLoop(ctx, () -> files.find(new FileId(id)))
                : Future.succeededFuture(Optional.empty());
    }

    /** Work with the store, on a thread of its own; the result comes back to the event loop. */
    static <T> Future<T> offLoop(RoutingContext ctx, Callable<T> work) {
        Context context = ctx.vertx().getOrCreateContext();
        Promise<T> promise = Promise.promise();
        Thread.ofVirtual().name("files").start(() -> {
            try {
                T result = work.call();
                context.runOnContext(now -> promise.complete(result));
            } catch (StorageAwayException e) {
                context.runOnContext(now -> promise.fail(away()));
            } catch (Exception e) {
                context.runOnContext(now -> promise.fail(e));
            }
        });
        return promise.future();
    }

    /** What is said while the file store does not answer. */
    static ApiException away() {
        return new ApiException(ApiError.UNAVAILABLE, "The file store cannot be reached at the moment. Try again.");
    }

    private static void json(RoutingContext ctx, int status, Object body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Buffer.buffer(Json.bytes(body)));
    }
}
