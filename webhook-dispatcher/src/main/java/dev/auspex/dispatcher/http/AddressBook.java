package dev.auspex.dispatcher.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up, off the event loop, and remembers the answers for a while. The system's own resolver is asked, so hosts
 * files and container names work. To be called on one event loop only; it calls back on the same.
 */
final class AddressBook implements AutoCloseable {

    /** Asks the system. */
    @FunctionalInterface
    interface Resolver {
        /** Blocks. @throws java.net.UnknownHostException if there is no such name */
        InetAddress[] resolve(String host) throws Exception;
    }

    private static final int MOST_NAMES = 10_000;
    private static final int THREADS = 16;
    private static final int MOST_QUEUED = 1024;
    private static final Duration KEEP = Duration.ofSeconds(60);
    private static final Duration KEEP_FAILURE = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final class Answer {
        private final List<Promise<List<InetAddress>>> askers = new ArrayList<>();
        private @Nullable List<InetAddress> addresses;
        private long expiry;
    }

    private final Context loop;
    private final Resolver resolver;
    private final ThreadPoolExecutor threads;
    private final Map<String, Answer> entries = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > MOST_NAMES && eldest.getValue().addresses != null;
        }
    };

    AddressBook(Context loop, Resolver resolver) {
        this.loop = loop;
        this.resolver = resolver;
        // Threads exist only while names are being looked up.
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_QUEUED),
                Thread.ofPlatform().name("webhook-dns-", 0).daemon().factory());
        this.threads.allowCoreThreadTimeOut(true);
    }

    /** The addresses of a name, never none; fails if there are none or the answer takes longer than five seconds. */
    Future<List<InetAddress>> resolve(String host, long now) {
        Answer known = entries.get(host);
        if (known != null && known.addresses != null && now - known.expiry < 0) {
            return known.addresses.isEmpty() ? Future.failedFuture("the name cannot be resolved")
                    : Future.succeededFuture(known.addresses);
        }
        Promise<List<InetAddress>> promise = Promise.promise();
        Answer entry = known != null && known.addresses == null ? known : begin(host);
        entry.askers.add(promise);
        long timer = loop.owner().setTimer(LIMIT.toMillis(), id -> {
            entry.askers.remove(promise);
            promise.tryFail("the name was not resolved in time");
        });
        return promise.future().onComplete(result -> loop.owner().cancelTimer(timer));
    }

    private Answer begin(String host) {
        Answer entry = new Answer();
        entries.put(host, entry);
        try {
            threads.execute(() -> {
                List<InetAddress> found = ask(host);
                loop.runOnContext(done -> complete(entry, found));
            });
        } catch (RejectedExecutionException e) {
            loop.runOnContext(done -> complete(entry, List.of()));
        }
        return entry;
    }

    private List<InetAddress> ask(String host) {
        try {
            return List.of(resolver.resolve(host));
        } catch (Exception e) {
            return List.of();
        }
    }

    private static void complete(Answer entry, List<InetAddress> found) {
        entry.addresses = found;
        entry.expiry = System.nanoTime() + (found.isEmpty() ? KEEP_FAILURE : KEEP).toNanos();
        Consumer<Promise<List<InetAddress>>> answer = found.isEmpty()
                ? promise -> promise.tryFail("the name cannot be resolved")
                : promise -> promise.tryComplete(found);
        List.copyOf(entry.askers).forEach(answer);
        entry.askers.clear();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
