package dev.auspex.gateway.http;

import dev.auspex.gateway.domain.ApiError;
import dev.auspex.gateway.domain.ApiException;
import dev.auspex.gateway.domain.IdempotencyKey;
import dev.auspex.gateway.kafka.SendResult;
import dev.auspex.gateway.router.RouterAnswer;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.ClaimId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.command.Command.ClaimKey;
import dev.auspex.protocol.json.Serdes;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Makes one prediction of all requests that claim the same key, on whichever gateways they are. Each writes a claim; the
 * router says whose was the first; that request writes the job and the others wait until they can see it. If it never
 * comes, because the first one's gateway died between the two, the others race for its place in the same way, under a
 * name derived from the key, and the winner writes the job with the id that was claimed first. Event loop only.
 */
final class KeyedCreates {

    /** How long after its claim a request may begin to write the job. */
    private static final Duration WRITE_WITHIN = Duration.ofSeconds(4);
    /** Longer than that and the sender's longest wait together: by now a job is there or will never be. */
    private static final Duration ABANDONED_AFTER = Duration.ofSeconds(20);
    /** How much the clocks of gateways may differ. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    /** So many gateways in a row do not die between two writes. */
    private static final int MAX_ROUNDS = 8;

    private final GatewayParts parts;
    private final KeyClaims claims;

    KeyedCreates(GatewayParts parts, KeyClaims claims) {
        this.parts = parts;
        this.claims = claims;
    }

    /**
     * A request with a key.
     *
     * @param account whose
     * @param claim what stands for the key
     * @param content a hash of the request
     * @param id what its prediction is called if this request is the first
     * @param job makes the job under the id that won
     */
    record Wish(AccountId account, ClaimId claim, String content, PredictionId id, Function<PredictionId, Job> job) {}

    /** One request's try to be the one that writes the job. @param round 0, then counts those who died trying */
    private record Race(RoutingContext ctx, Wish wish, int round, ClaimId claim, long begunNanos) {

        static Race first(RoutingContext ctx, Wish wish) {
            return new Race(ctx, wish, 0, wish.claim(), System.nanoTime());
        }

        Race next() {
            int number = round + 1;
            ClaimId place = ClaimId.of("takeover", wish.claim() + "/" + number);
            return new Race(ctx, wish, number, place, System.nanoTime());
        }

        Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - begunNanos);
        }
    }

    /** Makes the prediction or finds the one that was made. Fails with an {@link ApiException}. */
    Future<Made> make(RoutingContext ctx, Wish wish) {
        return run(Race.first(ctx, wish), wish.id());
    }

    /** @param target the prediction that the key stands for as far as this request knows */
    private Future<Made> run(Race race, PredictionId target) {
        Wish wish = race.wish();
        Instant now = parts.context().clock().instant();
        ClaimKey mine =
                new ClaimKey(race.claim(), wish.account(), wish.id(), wish.content(), now, now.plus(claims.kept()));
        return claims.winner(mine)
                .compose(winner -> decided(race, winner, race.round() == 0 ? winner.prediction() : target));
    }

    private Future<Made> decided(Race race, ClaimKey winner, PredictionId target) {
        if (!winner.content().equals(race.wish().content())) {
            return Future.failedFuture(IdempotencyKey.reused());
        }
        return winner.prediction().equals(race.wish().id())
                ? write(race, race.wish().job().apply(target), winner)
                : follow(race, target, winner, FIRST_PAUSE);
    }

    private Future<Made> write(Race race, Job job, ClaimKey winner) {
        if (race.elapsed().compareTo(WRITE_WITHIN) > 0) {
            // Somebody may believe by the time this is written that it never will be.
            return follow(race, job.id(), winner, FIRST_PAUSE);
        }
        return parts.sender()
                .send(parts.context().topics().submissions(job), job.id().value(), Serdes.JOB.serialize(job))
                .compose(result -> switch (result) {
                    // Of an id that is older than its job the router may believe to know that there is no such prediction,
                    // until it has met the job. Whoever gets this answer has to find it.
                    case STORED -> race.round() == 0
                            ? Future.succeededFuture(new Made.New(job))
                            : follow(race, job.id(), winner, FIRST_PAUSE);
                    case OVERLOADED -> pause(race, LONGEST_PAUSE).compose(over -> write(race, job, winner));
                    case TOO_LARGE, UNAVAILABLE -> Future.failedFuture(CreateRoutes.refusal(result));
                });
    }

    private Future<Made> follow(Race race, PredictionId target, ClaimKey winner, Duration pause) {
        return parts.router().find(race.wish().account(), target).compose(answer -> switch (answer) {
            case RouterAnswer.Found found -> Made.earlier(target, found);
            case RouterAnswer.Missing missing when isAbandoned(race, winner) -> takeOver(race, target);
            case RouterAnswer.Missing missing -> pause(race, pause)
                    .compose(over -> follow(race, target, winner, longer(pause)));
        });
    }

    private boolean isAbandoned(Race race, ClaimKey winner) {
        Instant longAgo = parts.context().clock().instant().minus(ABANDONED_AFTER).minus(CLOCK_TOLERANCE);
        return winner.claimedAt().isBefore(longAgo) || race.elapsed().compareTo(ABANDONED_AFTER) > 0;
    }

    private Future<Made> takeOver(Race race, PredictionId target) {
        return race.round() == MAX_ROUNDS
                ? Future.failedFuture(new ApiException(
                        ApiError.UNAVAILABLE, "The prediction of this idempotency key could not be made. Try again."))
                : run(race.next(), target);
    }

    /** Fails if the client has gone: nobody would hear the answer. */
    private static Future<Void> pause(Race race, Duration time) {
        return race.ctx().response().closed()
                ? Future.failedFuture(new ApiException(ApiError.UNAVAILABLE, "The client has gone."))
                : race.ctx().vertx().timer(time.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
