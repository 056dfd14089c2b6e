package dev.auspex.gateway.files;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.IdempotencyKey;
import dev.auspex.gateway.http.Caller;
import dev.auspex.protocol.AccountId;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.StorageAwayException;
import dev.auspex.runtime.files.StorageFullException;
import dev.auspex.runtime.files.StoredFile;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/files}: the body goes from the connection through the form's reader into the file store, on one virtual
 * thread per upload and in constant memory. Called on the event loop; reads the body itself, so no body handler may
 * come before it.
 */
final class UploadHandler implements Handler<RoutingContext> {

    /** What boundaries, headers and the other fields may add to a file of the largest size. */
    private static final long FORM_OVERHEAD = 1L << 20;
    /** How long a client may send nothing. */
    static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A refused client that is still sending is listened to this much, or it would not hear the refusal. */
    private static final long DISCARD_BYTES = 64L << 20;
    private static final Duration DISCARD_TIME = Duration.ofSeconds(5);
    /** How long a connection that cannot be used again stays open for the client to read the answer. */
    private static final long LINGER_MILLIS = 1000;
    private static final int MAX_AT_ONCE = 256;
    private static final int MAX_PER_ACCOUNT = 64;

    private final FileStore files;
    private final Clock clock;
    private final long limit;
    private final Duration expiry;
    private final BiConsumer<RoutingContext, StoredFile> answer;
    private final UploadSlots slots = new UploadSlots(MAX_AT_ONCE, MAX_PER_ACCOUNT);
    private final Duration patience;

    /** @param answer called on the request's event loop with what was stored */
    UploadHandler(
            FileStore files,
            Clock clock,
            Settings settings,
            Duration patience,
            BiConsumer<RoutingContext, StoredFile> answer) {
        this.files = files;
        this.clock = clock;
        this.limit = settings.get(Keys.FILES_LIMIT);
        this.expiry = settings.get(Keys.FILES_EXPIRY);
        this.patience = patience;
        this.answer = answer;
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        request.pause();
        try {
            key(ctx); // a wrong one is refused before the file is sent
        } catch (ApiException e) {
            refuse(ctx, e, false);
            return;
        }
        AccountId account = Caller.account(ctx);
        if (!slots.take(account)) {
            refuse(ctx, new ApiException(ApiError.THROTTLED, "Too many uploads at once; try again."), false);
            return;
        }
        boolean tooLarge = announced(request) > limit + FORM_OVERHEAD;
        boolean waits = "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
        if (waits && tooLarge) {
            slots.release(account);
            refuse(ctx, tooLarge(), false);
            return;
        }
        if (waits) {
            request.response().writeContinue();
        }
        Context context = ctx.vertx().getOrCreateContext();
        BodyStream body = new BodyStream(request, context, limit + FORM_OVERHEAD, patience);
        Thread.ofVirtual().name("upload").start(() -> {
            Outcome outcome = tooLarge ? refusal(body, tooLarge()) : store(ctx, account, body);
            slots.release(account);
            context.runOnContext(now -> finish(ctx, outcome));
        });
    }

    /** The request's idempotency key. @throws ApiException 422 if it is not one */
    static Optional<IdempotencyKey> key(RoutingContext ctx) {
        return IdempotencyKey.read(ctx.request().headers().getAll(IdempotencyKey.HEADER));
    }

    private record Outcome(@Nullable StoredFile file, @Nullable Exception failure, boolean reusable) {}

    private Outcome store(RoutingContext ctx, AccountId account, BodyStream body) {
        try {
            StoredFile file = receive(account, new MultipartReader(body, boundary(ctx.request())));
            return new Outcome(file, null, body.discard(FORM_OVERHEAD, DISCARD_TIME));
        } catch (MalformedMultipartException e) {
            return refusal(body, new ApiException(
                    ApiError.INVALID_REQUEST, "The body is not valid multipart/form-data: " + e.getMessage() + "."));
        } catch (StorageFullException e) {
            return refusal(body, new ApiException(ApiError.STORAGE_FULL, "There is no room left for files."));
        } catch (StorageAwayException e) {
            return refusal(body, FileRoutes.away());
        } catch (IOException | RuntimeException e) {
            return refusal(body, e);
        }
    }

    private static Outcome refusal(BodyStream body, Exception failure) {
        return new Outcome(null, failure, body.discard(DISCARD_BYTES, DISCARD_TIME));
    }

    private StoredFile receive(AccountId account, MultipartReader reader) throws IOException {
        UploadForm form = new UploadForm();
        MultipartReader.Part part = reader.next();
        while (part != null && !part.name().equals(UploadForm.CONTENT)) {
            form.add(part);
            part = reader.next();
        }
        if (part == null) {
            throw ApiException.invalid(UploadForm.CONTENT, "required", "a file is required");
        }
        form.describe(part);
        return files.put(() -> rest(account, reader, form), new Limited(part.content(), limit));
    }

    private FileStore.NewFile rest(AccountId account, MultipartReader reader, UploadForm form) throws IOException {
        MultipartReader.Part part = reader.next();
        while (part != null) {
            if (part.name().equals(UploadForm.CONTENT)) {
                throw ApiException.invalid(UploadForm.CONTENT, "duplicate", "expected one file");
            }
            form.add(part);
            part = reader.next();
        }
        return form.file(account, clock.instant().plus(expiry));
    }

    private void finish(RoutingContext ctx, Outcome outcome) {
        boolean claimed = outcome.file() != null && key(ctx).isPresent();
        if (ctx.response().closed() && !claimed) {
            return; // nobody is there to hear it; who sent a key will ask again
        }
        if (outcome.file() != null) {
            answer.accept(ctx, outcome.file());
        } else if (outcome.failure() != null) {
            refuse(ctx, outcome.failure(), outcome.reusable());
        }
    }

    private static void refuse(RoutingContext ctx, Exception failure, boolean reusable) {
        HttpServerRequest request = ctx.request();
        if (!reusable && request.version() == HttpVersion.HTTP_2) {
            ctx.addEndHandler(sent -> request.response().reset(0));
        } else if (!reusable) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            // Closing at once would reset the connection under an answer that is still on its way.
            ctx.addEndHandler(sent -> ctx.vertx().setTimer(LINGER_MILLIS, now -> request.connection().close()));
        }
        ctx.fail(failure);
    }

    private static String boundary(HttpServerRequest request) throws MalformedMultipartException {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        HeaderParameters parsed = HeaderParameters.parse(type == null ? "" : type);
        if (!parsed.value().equals("multipart/form-data")) {
            throw new ApiException(ApiError.UNSUPPORTED_MEDIA_TYPE, "Expected a body of type multipart/form-data.");
        }
        String boundary = parsed.get("boundary").orElse("");
        if (!boundary.matches("[ -~]{0,69}[!-~]")) {
            throw new MalformedMultipartException("the content type has no boundary of 1 to 70 characters");
        }
        return boundary;
    }

    private static long announced(HttpServerRequest request) {
        try {
            String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return -1; // the server has refused such a request already
        }
    }

    private ApiException tooLarge() {
        return new ApiException(ApiError.BODY_TOO_LARGE, "A file may have at most " + limit + " bytes.");
    }

    /** A file's content up to the limit, then a refusal. */
    private final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long limit) {
            super(in);
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            left -= Math.max(0, count);
            if (left < 0) {
                throw tooLarge();
            }
            return count;
        }
    }
}
