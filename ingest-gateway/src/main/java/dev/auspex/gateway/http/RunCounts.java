package dev.auspex.gateway.http;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.auspex.gateway.domain.UsageRequest;
import dev.auspex.protocol.ModelName;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.usage.UsageRow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often models ran, by the routers' books of usage: the same on every gateway and after every restart, at no cost to a
 * prediction. Days that are over are read once a day, the newest two only while somebody looks at models; so a number is some
 * seconds old. While no router answers it is the last one that was known. Safe for any thread.
 */
final class RunCounts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunCounts.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final GatewayParts parts;
    private final Vertx vertx;
    private final long timer;
    /** At the start, too: the first who looks shall not see 0. */
    private final AtomicBoolean wanted = new AtomicBoolean(true);
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Days over = new Days(LocalDate.MIN, Map.of());
    private volatile Map<ModelName, Long> runs = Map.of();

    /** Runs up to a day, with that day. */
    private record Days(LocalDate last, Map<ModelName, Long> runs) {}

    /** Begins to look. */
    RunCounts(GatewayParts parts) {
        this.parts = parts;
        this.vertx = parts.context().vertx();
        this.timer = vertx.setPeriodic(0, INTERVAL.toMillis(), now -> look());
    }

    /** Attempts of this model that have ended, as far back as usage is kept. */
    long of(ModelName model) {
        wanted.set(true);
        return runs.getOrDefault(model, 0L);
    }

    private void look() {
        if (!wanted.get() || !asking.compareAndSet(false, true)) {
            return;
        }
        LocalDate today = LocalDate.ofInstant(parts.context().clock().instant(), ZoneOffset.UTC);
        // What ended shortly before midnight may be told after it.
        LocalDate lastOver = today.minusDays(2);
        Future<Days> past = over.last().equals(lastOver)
                ? Future.succeededFuture(over)
                : count(LocalDate.EPOCH, lastOver).map(counted -> new Days(lastOver, counted));
        past.compose(days -> count(lastOver.plusDays(1), today).map(newest -> {
                    over = days;
                    Map<ModelName, Long> sum = new HashMap<>(days.runs());
                    newest.forEach((model, more) -> sum.merge(model, more, Long::sum));
                    runs = Map.copyOf(sum);
                    wanted.set(false);
                    return sum;
                }))
                .onFailure(failure -> LOG.atDebug().addKeyValue("cause", failure.toString()).log("runs not counted"))
                .onComplete(done -> asking.set(false));
    }

    private Future<Map<ModelName, Long>> count(LocalDate from, LocalDate to) {
        return parts.router().usage(null, new UsageRequest(from, to, List.of(), false, false)).map(RunCounts::byModel);
    }

    private static Map<ModelName, Long> byModel(Buffer rows) {
        try {
            List<UsageRow> read = Json.mapper().readValue(rows.getBytes(), new TypeReference<>() {});
            Map<ModelName, Long> counted = new HashMap<>();
            read.forEach(row -> counted.merge(row.key().model(), row.total().attempts(), Long::sum));
            return counted;
        } catch (IOException e) {
            throw new IllegalStateException("a router's usage cannot be read", e);
        }
    }

    /** Stops looking. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
