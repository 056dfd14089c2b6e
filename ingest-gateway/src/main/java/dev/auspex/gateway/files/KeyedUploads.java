package dev.auspex.gateway.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.IdempotencyKey;
import dev.auspex.gateway.domain.RequestHash;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.json.Json;
import dev.auspex.runtime.files.FileId;
import dev.auspex.runtime.files.FileStore;
import dev.auspex.runtime.files.StoredFile;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;

/**
 * Makes one file of all uploads that claim the same key, on whichever gateways they are. A file is stored before its claim is
 * written, so the file that a claim stands for is always there, and what loses is removed again: nobody has to wait for
 * another gateway to finish. Whether two uploads are equal is told by what was uploaded, not by the bytes of the form: clients
 * draw another boundary for every try. Event loop only.
 */
final class KeyedUploads {

    private static final String ROUTE = "/v1/files";

    private final FileStore files;
    private final Clock clock;
    private final Claims claims;

    KeyedUploads(FileStore files, Clock clock, Claims claims) {
        this.files = files;
        this.clock = clock;
        this.claims = claims;
    }

    /** What an upload led to. @param replayed whether an earlier, equal upload made the file */
    record Settled(StoredFile file, boolean replayed) {}

    /** The file that the key stands for: the one that has just been stored or an earlier one. */
    Future<Settled> settle(RoutingContext ctx, IdempotencyKey key, StoredFile stored) {
        Instant now = clock.instant();
        // The name of a file has the form of a prediction's.
        ClaimKey mine = new ClaimKey(
                key.claim(), stored.account(), new PredictionId(stored.id().value()), content(stored), now, end(now, stored));
        // When no answer comes the claim may hold all the same: the file stays, for whoever repeats the request.
        return claims.winner(mine).compose(winner -> winner.prediction().equals(mine.prediction())
                ? Future.succeededFuture(new Settled(stored, false))
                : FileRoutes.offLoop(ctx, () -> earlier(winner, mine, stored)));
    }

    private Settled earlier(ClaimKey winner, ClaimKey mine, StoredFile stored) throws Exception {
        files.delete(stored.id());
        if (!winner.content().equals(mine.content())) {
            throw IdempotencyKey.reused();
        }
        StoredFile file = files.find(new FileId(winner.prediction().value()))
                .orElseThrow(() -> ApiException.invalid(
                        IdempotencyKey.HEADER, "idempotency_key_reused",
                        "the file that was uploaded with this key has been removed; use a new key"));
        return new Settled(file, true);
    }

    // A claim on a file that has expired would keep the client from uploading it again.
    private Instant end(Instant now, StoredFile stored) {
        Instant end = now.plus(claims.kept());
        return stored.expiresAt() != null && stored.expiresAt().isBefore(end) ? stored.expiresAt() : end;
    }

    private static String content(StoredFile file) {
        ObjectNode form = Json.object()
                .put("sha256", file.sha256())
                .put("name", file.name())
                .put("type", file.contentType());
        form.set("metadata", file.metadata());
        return RequestHash.of(ROUTE, Json.bytes(form));
    }
}
