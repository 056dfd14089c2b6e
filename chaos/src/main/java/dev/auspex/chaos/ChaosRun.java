package dev.auspex.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One run: start, load with faults, wait for what is open, count. One thread. */
public final class ChaosRun {

    /** Nothing new for so long: what is missing now is lost. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration READ_LIMIT = Duration.ofSeconds(60);

    private final ChaosPlan plan;
    private final Consumer<String> log;
    private final Ledger ledger = new Ledger();
    private boolean keysWork;

    /** @param log takes a line now and then */
    public ChaosRun(ChaosPlan plan, Consumer<String> log) {
        this.plan = plan;
        this.log = log;
    }

    /** Does all of it. The processes are gone when it returns, also if it throws. */
    public Verdict run() throws IOException, InterruptedException {
        log.accept("seed " + plan.seed() + ", output of the processes in " + plan.folder());
        long begin = System.nanoTime();
        try (Installation installation = Installation.start(plan);
                Receiver receiver = Receiver.start(ledger)) {
            installation.awaitReady();
            Duration start = since(begin);
            log.accept("nine processes ready after %.1f s".formatted(start.toMillis() / 1000.0));
            Client client = new Client(installation.gateways(), ledger);
            receiver.secret(client.secret());
            client.awaitModel(READ_LIMIT);
            keysWork = probeKeys(client, receiver);
            Faults faults = new Faults(installation, plan, log, () -> ledger.completions().size());

            long loadBegin = System.nanoTime();
            Load load = new Load(ledger, client, receiver);
            load.start(plan.clients(), plan.seed());
            switch (plan.course()) {
                case Course.Tour tour -> faults.tour(tour);
                case Course.Timed(Duration time) -> faults.run(loadBegin + time.toNanos());
            }
            long loadEnd = System.nanoTime();
            load.finish();
            if (!load.failures().isEmpty()) {
                throw new IllegalStateException("a client broke", load.failures().getFirst());
            }
            log.accept("load over, waiting for what is open");
            awaitWebhooks();
            readAll(client);

            Map<String, Duration> times = new LinkedHashMap<>();
            times.put("start of nine processes", start);
            times.put("longest time without a completed webhook", longestGap(loadBegin, loadEnd));
            times.put("slowest quick prediction, 2xx to webhook", slowest());
            Reckoning reckoning = new Reckoning(ledger, keysWork);
            return new Verdict(
                    plan.seed(), reckoning.promises(), reckoning.figures(), times,
                    faults.made().stream().map(Faults.Made::toString).toList(), ledger.examples());
        }
    }

    // Two creates with one key: one prediction if the gateway knows keys.
    private boolean probeKeys(Client client, Receiver receiver) throws InterruptedException {
        Submission probe = ledger.submit(Submission.Kind.QUICK);
        String body = "{\"input\":{\"text\":\"" + probe.text() + "\"},\"webhook\":\"" + receiver.url(probe, false)
                + "\",\"webhook_events_filter\":[\"completed\"]}";
        long deadline = System.nanoTime() + READ_LIMIT.toNanos();
        client.create(probe, body, 0, deadline);
        client.create(probe, body, 1, deadline);
        return probe.acceptedIds().size() == 1;
    }

    private void awaitWebhooks() throws InterruptedException {
        int missing = Integer.MAX_VALUE;
        long progress = System.nanoTime();
        while (missing > 0 && System.nanoTime() - progress < PATIENCE.toNanos()) {
            int now = withoutWebhook().size();
            if (now < missing) {
                missing = now;
                progress = System.nanoTime();
            }
            Thread.sleep(100);
        }
    }

    private List<String> withoutWebhook() {
        Map<String, Track> tracks = ledger.tracks();
        return ledger.accepted().stream()
                .filter(id -> !tracks.containsKey(id) || tracks.get(id).completedMessages() == 0)
                .toList();
    }

    private void readAll(Client client) throws InterruptedException {
        long deadline = System.nanoTime() + READ_LIMIT.toNanos();
        for (Submission submission : ledger.submissions()) {
            for (String id : submission.acceptedIds()) {
                client.read(id, submission.number(), deadline)
                        .filter(reply -> reply.status() == 200)
                        .ifPresent(reply -> Receiver.check(ledger, submission, reply.body()));
            }
        }
    }

    private Duration longestGap(long begin, long end) {
        long longest = 0;
        long last = begin;
        for (long completion : ledger.completions()) {
            if (completion > last && completion <= end) {
                longest = Math.max(longest, completion - last);
                last = completion;
            }
        }
        // Silence up to the end is silence too.
        return Duration.ofNanos(Math.max(longest, end - last));
    }

    private Duration slowest() {
        long slowest = 0;
        Map<String, Track> tracks = ledger.tracks();
        for (Submission submission : ledger.submissions()) {
            for (String id : submission.acceptedIds()) {
                Track track = tracks.get(id);
                if (submission.kind() == Submission.Kind.QUICK && track != null && track.completedAt() != 0) {
                    slowest = Math.max(slowest, track.completedAt() - submission.acceptedAt());
                }
            }
        }
        return Duration.ofNanos(slowest);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
