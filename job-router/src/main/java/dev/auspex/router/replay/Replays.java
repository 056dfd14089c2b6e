package dev.auspex.router.replay;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.replay.ReplayRecord;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays of this installation: takes requests, answers questions about all of them, and runs those whose turn it is on
 * this router. Start and stop it from one thread; ask it from any.
 */
public final class Replays {

    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final int DRY_RUNS = 2;
    private static final int WAITING_DRY_RUNS = 8;
    private static final Duration DRY_RUN_LIMIT = Duration.ofSeconds(60);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final Duration CANCEL_WAIT = Duration.ofSeconds(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    /** How many of one account may be unfinished. */
    private static final int MAX_OPEN = 100;

    private final ServiceContext context;
    private final Admin admin;
    private final ReplayLog log;
    private final ReplaySource source;
    private final CatalogueTail catalogue;
    private final ReplayShift shift;
    private final ExecutorService dryRuns = new ThreadPoolExecutor(
            DRY_RUNS, DRY_RUNS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_DRY_RUNS),
            Thread.ofPlatform().name("replay-dry-run-", 0).daemon().factory());
    private volatile boolean started;
    private volatile boolean stopped;

    /** Prepares everything; nothing runs yet. */
    public Replays(ServiceContext context) {
        this.context = context;
        this.admin = context.kafka().admin("router-replays");
        Ends ends = new Ends(admin);
        this.log = new ReplayLog(context.kafka(), context.topics(), ends, context.clock());
        this.source = new ReplaySource(context.kafka(), context.topics(), ends, DeadTopic.of(context));
        this.catalogue = new CatalogueTail(context.kafka(), context.topics());
        this.shift = new ReplayShift(context.kafka(), context.topics(), log, this::runner);
    }

    /** What became of a request. */
    public sealed interface Reception {

        /** It is there, from now on or since an equal request came before. */
        record Accepted(Replay replay) implements Reception {}

        /** Another request has this id. */
        record Conflicting() implements Reception {}

        /** The account has as many unfinished replays as it may have. */
        record TooMany(int limit) implements Reception {}
    }

    /** A request as a gateway sends it; empty if it is something else. */
    public static Optional<ReplayRequest> read(byte[] body) {
        try {
            return Serdes.REPLAY.deserialize(body) instanceof ReplayRecord.Requested(ReplayRequest request)
                    ? Optional.of(request)
                    : Optional.empty();
        } catch (SerializationException e) {
            return Optional.empty();
        }
    }

    /** Begins to read and to run. */
    public void start() {
        catalogue.start();
        log.start();
        started = true;
        catalogue.caughtUp().thenRun(shift::start);
    }

    /** Why replays do not run; empty if they do. */
    public List<String> problems() {
        return started && !stopped && catalogue.caughtUp().isDone() && !shift.isAlive()
                ? List.of("replays do not run")
                : List.of();
    }

    /** Takes a request. Repeating it changes nothing. Fails if Kafka does not answer. */
    public CompletableFuture<Reception> create(ReplayRequest request) {
        return fresh().thenCompose(read -> {
            Optional<Replay> before = log.find(request.id());
            if (before.isPresent()) {
                return CompletableFuture.completedFuture(reception(request, before.get()));
            }
            long open = log.of(request.account()).stream().filter(each -> !each.status().isTerminal()).count();
            if (open >= MAX_OPEN) {
                return CompletableFuture.completedFuture(new Reception.TooMany(MAX_OPEN));
            }
            return log.write(new ReplayRecord.Requested(request))
                    .thenCompose(written -> fresh())
                    .thenApply(readBack -> reception(request, log.find(request.id()).orElseThrow()));
        });
    }

    /** One of the account's. */
    public CompletableFuture<Optional<Replay>> find(AccountId account, PredictionId id) {
        Optional<Replay> known = own(account, id);
        return known.isPresent()
                ? CompletableFuture.completedFuture(known)
                : fresh().thenApply(read -> own(account, id));
    }

    /** All of the account's, newest first. */
    public CompletableFuture<List<Replay>> list(AccountId account) {
        return fresh().thenApply(read -> log.of(account).stream()
                .sorted(Comparator.<Replay, Instant>comparing(replay -> replay.request().createdAt())
                        .thenComparing(replay -> replay.request().id())
                        .reversed())
                .toList());
    }

    /** Stops one of the account's. Gives it as it is soon after: it may not have stopped yet. */
    public CompletableFuture<Optional<Replay>> cancel(AccountId account, PredictionId id) {
        return find(account, id).thenCompose(found -> {
            if (found.isEmpty() || found.get().status().isTerminal()) {
                return CompletableFuture.completedFuture(found);
            }
            return log.write(new ReplayRecord.CancelRequested(id, account, context.clock().instant()))
                    .thenCompose(written -> ended(account, id, System.nanoTime() + CANCEL_WAIT.toNanos()));
        });
    }

    /**
     * What a replay would do. Takes as long as reading the range, a minute at most. Fails with
     * {@link RejectedExecutionException} if too many are waiting.
     */
    public CompletableFuture<DryRunReport> dryRun(ReplayRequest request) {
        long end = System.nanoTime() + DRY_RUN_LIMIT.toNanos();
        if (!catalogue.caughtUp().isDone()) {
            return CompletableFuture.failedFuture(new RejectedExecutionException("the catalogue has not been read yet"));
        }
        BooleanSupplier stop = () -> stopped || System.nanoTime() > end;
        JobRebuild rebuild = new JobRebuild(request, catalogue, context.topics(), context.secret());
        try {
            return CompletableFuture.supplyAsync(
                    () -> DryRun.of(request, source, rebuild, context.clock().instant(), stop), dryRuns);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Stops the runners after their transactions; others go on with what is unfinished. */
    public void stop(Duration limit) throws InterruptedException {
        stopped = true;
        dryRuns.shutdown();
        if (shift.isAlive()) {
            shift.stop(limit);
        }
        log.stop(limit);
        catalogue.stop(limit);
        admin.close(Duration.ofSeconds(1));
        LOG.atDebug().log("replays stopped");
    }

    private ReplayRunner runner(PredictionId id) {
        return new ReplayRunner(context, log, source, catalogue, id);
    }

    private CompletableFuture<@Nullable Void> fresh() {
        return log.fresh().orTimeout(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Optional<Replay> own(AccountId account, PredictionId id) {
        return log.find(id).filter(replay -> replay.request().account().equals(account));
    }

    private static Reception reception(ReplayRequest request, Replay found) {
        boolean same = found.request().account().equals(request.account())
                && found.request().spec().equals(request.spec());
        return same ? new Reception.Accepted(found) : new Reception.Conflicting();
    }

    private CompletableFuture<Optional<Replay>> ended(AccountId account, PredictionId id, long deadline) {
        Optional<Replay> now = own(account, id);
        if (now.isEmpty() || now.get().status().isTerminal() || System.nanoTime() > deadline) {
            return CompletableFuture.completedFuture(now);
        }
        return CompletableFuture.supplyAsync(
                        () -> true, CompletableFuture.delayedExecutor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS))
                .thenCompose(later -> ended(account, id, deadline));
    }
}
