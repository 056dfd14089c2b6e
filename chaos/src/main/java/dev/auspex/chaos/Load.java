package dev.auspex.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.chaos.Submission.Kind;
import dev.auspex.protocol.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** Clients that submit all kinds of predictions one after the other, cancel some, read and stream others. */
final class Load {

    /** A create, a read or a cancel may take so long after the load has ended. */
    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final double LONGEST_JOB_SECONDS = 4;
    private static final int CANCELED_JOB_SECONDS = 60;
    private static final int LONGEST_THOUGHT_MS = 500;

    private final Ledger ledger;
    private final Client client;
    private final Receiver receiver;
    private volatile long end = Long.MAX_VALUE;
    private final List<Future<?>> clients = new ArrayList<>();
    private final List<Exception> failures = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Load(Ledger ledger, Client client, Receiver receiver) {
        this.ledger = ledger;
        this.client = client;
        this.receiver = receiver;
    }

    /** Starts the clients and returns. @param seed each client has its own sequence */
    void start(int count, long seed) {
        for (int i = 0; i < count; i++) {
            RandomGenerator random = new java.util.SplittableRandom(seed + i);
            clients.add(threads.submit(() -> {
                run(random);
                return null;
            }));
        }
    }

    /** Lets clients finish what they are at, and returns when everything they follow has ended. */
    void finish() throws InterruptedException {
        end = System.nanoTime();
        // The clients still hand over what they follow: the pool may not be shut before they are done.
        for (Future<?> client : clients) {
            try {
                client.get(GRACE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                failures.add(e);
            }
        }
        threads.shutdown();
        if (!threads.awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
    }

    /** Clients that broke: a fault of the harness. */
    List<Exception> failures() {
        return List.copyOf(failures);
    }

    private void run(RandomGenerator random) throws InterruptedException {
        while (System.nanoTime() < end) {
            Submission submission = ledger.submit(kind(random));
            Optional<JsonNode> created = client.create(submission, body(submission, random), random.nextInt(2), late());
            if (created.isPresent()) {
                follow(submission, created.get(), random);
            }
            Thread.sleep(random.nextInt(LONGEST_THOUGHT_MS));
        }
    }

    private long late() {
        return (end == Long.MAX_VALUE ? System.nanoTime() : end) + GRACE.toNanos();
    }

    private static Kind kind(RandomGenerator random) {
        int dice = random.nextInt(100);
        if (dice < 60) {
            return Kind.QUICK;
        }
        if (dice < 76) {
            return Kind.LONG;
        }
        if (dice < 86) {
            return Kind.STREAMED;
        }
        return dice < 91 ? Kind.CANCELED_EARLY : dice < 96 ? Kind.CANCELED_RUNNING : Kind.CANCELED_TWICE;
    }

    private String body(Submission submission, RandomGenerator random) {
        boolean everything = random.nextInt(3) == 0;
        boolean unwilling = !everything && random.nextInt(10) == 0;
        var root = Json.object();
        var input = root.putObject("input").put("text", submission.text());
        switch (submission.kind()) {
            case QUICK -> {}
            case LONG -> input.put("seconds", Math.round(random.nextDouble() * LONGEST_JOB_SECONDS * 1000) / 1000.0);
            case STREAMED -> input.put("seconds", 1.5).put("tokens", submission.text().split(" ").length);
            case CANCELED_EARLY, CANCELED_RUNNING, CANCELED_TWICE -> input.put("seconds", CANCELED_JOB_SECONDS);
        }
        root.put("webhook", receiver.url(submission, unwilling));
        List<String> filter = everything ? List.of("start", "output", "logs", "completed") : List.of("completed");
        var events = root.putArray("webhook_events_filter");
        new ArrayList<>(filter).forEach(events::add);
        return root.toString();
    }

    private void follow(Submission submission, JsonNode created, RandomGenerator random) throws InterruptedException {
        String id = created.path("id").asText();
        int gateway = random.nextInt(2);
        switch (submission.kind()) {
            case QUICK, LONG -> {
                if (random.nextInt(5) == 0) {
                    // Accepted a moment ago, by another gateway perhaps: never "not found".
                    client.read(id, gateway, late()).ifPresent(reply -> seen(submission, reply));
                }
            }
            case STREAMED -> threads.submit(() -> {
                Optional<String> text = client.stream(created.path("urls").path("stream").asText());
                text.ifPresentOrElse(submission::streamed, () -> ledger.count(Ledger.Count.BROKEN_STREAMS));
                return null;
            });
            case CANCELED_EARLY -> cancel(submission, id, gateway);
            case CANCELED_RUNNING -> threads.submit(() -> {
                Thread.sleep(1_500);
                cancel(submission, id, gateway);
                return null;
            });
            case CANCELED_TWICE -> {
                threads.submit(() -> {
                    cancel(submission, id, gateway + 1);
                    return null;
                });
                cancel(submission, id, gateway);
            }
        }
    }

    private void cancel(Submission submission, String id, int gateway) throws InterruptedException {
        Optional<Client.Reply> reply = client.cancel(id, gateway, late());
        if (reply.isPresent() && reply.get().status() / 100 == 2) {
            submission.cancelAnswered();
            seen(submission, reply.get());
        }
    }

    private void seen(Submission submission, Client.Reply reply) {
        if (reply.status() == 200) {
            Receiver.check(ledger, submission, reply.body());
        }
    }
}
