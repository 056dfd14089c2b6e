package dev.auspex.chaos;

import dev.auspex.chaos.Ledger.Count;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
            Faults faults = new Faults(installation, plan.targets(), plan.seed(), log);

            long loadBegin = System.nanoTime();
            Load load = new Load(ledger, client, receiver);
            load.start(plan.clients(), plan.seed());
            if (plan.load().isZero()) {
                faults.tour();
            } else {
                faults.run(loadBegin + plan.load().toNanos());
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
            return verdict(times, faults.made().stream().map(Faults.Made::toString).toList());
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
        return accepted().stream()
                .filter(id -> !tracks.containsKey(id) || tracks.get(id).completedMessages() == 0)
                .toList();
    }

    private Collection<String> accepted() {
        List<String> ids = new ArrayList<>();
        ledger.submissions().forEach(submission -> ids.addAll(submission.acceptedIds()));
        return ids;
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
        return Duration.ofNanos(longest);
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

    private Verdict verdict(Map<String, Duration> times, List<String> faults) {
        Map<String, Track> tracks = ledger.tracks();
        Set<String> accepted = new HashSet<>(accepted());
        Map<String, Long> statuses = new java.util.TreeMap<>();
        long lost = 0;
        long notCanceled = 0;
        long duplicates = 0;
        long wrongStreams = 0;
        for (Submission submission : ledger.submissions()) {
            for (String id : submission.acceptedIds()) {
                Track track = tracks.getOrDefault(id, new Track(submission.number()));
                Set<String> terminal = track.terminal();
                statuses.merge("ended " + (terminal.size() == 1 ? terminal.iterator().next() : terminal), 1L, Long::sum);
                if (terminal.isEmpty() || track.completedMessages() == 0) {
                    lost++;
                    ledger.count(Count.UNKNOWN_PREDICTIONS, "LOST " + id + " " + submission.kind() + " " + terminal);
                }
                if (submission.isCancelAnswered() && !terminal.equals(Set.of("canceled"))) {
                    notCanceled++;
                }
            }
            long seen = tracks.values().stream().filter(track -> track.submission() == submission.number()).count();
            duplicates += Math.max(0, seen - 1);
            String streamed = submission.streamed();
            wrongStreams += streamed == null || streamed.equals(submission.expectedOutput()) ? 0 : 1;
        }
        Map<String, Long> promises = new LinkedHashMap<>();
        promises.put("lost", lost);
        promises.put("with two terminal states", tracks.values().stream().filter(track -> track.terminal().size() > 1).count());
        promises.put("with two completed messages", tracks.values().stream().filter(track -> track.completedMessages() > 1).count());
        promises.put("webhooks out of order", tracks.values().stream().mapToLong(Track::outOfOrder).sum());
        promises.put("webhooks wrongly signed", ledger.get(Count.UNSIGNED));
        promises.put("wrong or mixed output", ledger.get(Count.WRONG_OUTPUT));
        promises.put("canceled, yet not canceled in the end", notCanceled);
        promises.put("404 after a 2xx", ledger.get(Count.NOT_FOUND));
        promises.put("answers other than 2xx, 429, 503", ledger.get(Count.UNEXPECTED_ANSWERS));
        promises.put("429 or 503 without Retry-After", ledger.get(Count.WITHOUT_RETRY_AFTER));
        if (keysWork) {
            promises.put("second predictions under one key", duplicates);
        }
        Map<String, Long> figures = new LinkedHashMap<>();
        if (!keysWork) {
            figures.put("second predictions of repeated creates", duplicates);
        }
        figures.put("submitted", (long) ledger.submissions().size());
        figures.put("accepted", (long) accepted.size());
        figures.putAll(statuses);
        figures.put("webhooks repeated under the same id", tracks.values().stream().mapToLong(Track::repeated).sum());
        figures.put("webhooks refused on purpose, then delivered", ledger.get(Count.REFUSED_BY_RECEIVER));
        figures.put("creates broken off without an answer", ledger.get(Count.UNANSWERED_CREATES));
        figures.put("streams that broke off", ledger.get(Count.BROKEN_STREAMS));
        figures.put("streams with another text at their end", wrongStreams);
        ledger.answers().forEach((answer, count) -> figures.put("answers " + answer, count));
        return new Verdict(plan.seed(), promises, figures, times, faults, ledger.examples());
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
