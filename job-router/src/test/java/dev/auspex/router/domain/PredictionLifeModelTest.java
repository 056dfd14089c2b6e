package dev.auspex.router.domain;

import static dev.auspex.router.Samples.CREATED;
import static dev.auspex.router.Samples.reported;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.AttemptOutcome;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.JobLimits;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.PredictionStatus;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Snapshot;
import dev.auspex.router.domain.PredictionState.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random lives: several attempts whose events come interleaved and repeated, with the job record anywhere among them. */
class PredictionLifeModelTest {

    private static final int LIVES = 4_000;
    private static final int ATTEMPTS = 12;
    private static final PredictionId ID = Samples.id(1);

    @Test
    void shouldEndInTheSameStateWhenTheJobRecordComesLate() {
        Random random = random();
        for (int life = 0; life < LIVES; life++) {
            List<PredictionInput> happenings = happenings(random);
            PredictionInput job = new PredictionInput.JobAccepted(Samples.job(ID, webhook(random)));
            Life jobFirst = Life.of(withJobAt(0, happenings, job));
            check(jobFirst);

            Life jobLater = Life.of(withJobAt(random.nextInt(happenings.size() + 1), happenings, job));
            assertThat(jobLater.state()).as("life %s: %s", life, happenings).isEqualTo(jobFirst.state());
            assertThat(jobLater.published()).as("life %s: %s", life, happenings).isEqualTo(jobFirst.published());
        }
    }

    @Test
    void shouldComeToWhatTheOracleSaysWhenAnythingHappensInAnyOrder() {
        Random random = random();
        for (int life = 0; life < LIVES; life++) {
            Job job = Samples.limited(ID, random.nextInt(4) == 0 ? CREATED.plusSeconds(20) : null, limits(random));
            Life real = Life.of(new PredictionInput.JobAccepted(job));
            Oracle oracle = new Oracle(job);
            List<PredictionInput> history = new ArrayList<>();
            for (int step = 0; step < 25; step++) {
                PredictionInput input = anything(random, real.known());
                history.add(input);
                Known before = real.known();
                real.then(input);
                oracle.then(input);
                assertThat(List.of(
                                real.known().status().wireName(), real.known().round().number(),
                                real.known().attempts().tally().failures(),
                                real.known().round().due() != null && !oracle.isOver()))
                        .as("life %s: status, round, failures, waiting after %s", life, history)
                        .isEqualTo(List.of(
                                oracle.status, oracle.round, oracle.failures, oracle.waiting && !oracle.isOver()));
                checkStep(before, real.known(), history);
            }
            check(real);
            checkEffects(real, history);
        }
    }

    private static Random random() {
        long seed = Long.getLong("auspex.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dauspex.seed=" + seed + ")");
        return new Random(seed);
    }

    private static void check(Life life) {
        List<Snapshot> published = life.published();
        for (int i = 0; i < published.size(); i++) {
            assertThat(published.get(i).state().sequence()).as("numbers without gaps").isEqualTo(i);
        }
        long ends = published.stream().filter(it -> it.state().status().isTerminal()).count();
        assertThat(ends).as("terminal snapshots").isLessThanOrEqualTo(1);
        assertThat(published.stream().filter(it -> it.change() == WebhookEvent.COMPLETED).count()).isEqualTo(ends);
        assertThat(published.stream().filter(it -> it.change() == WebhookEvent.START).count()).isLessThanOrEqualTo(1);
        if (ends == 1) {
            Known last = published.getLast().state();
            assertThat(last.status().isTerminal()).as("the end comes last").isTrue();
            assertThat(life.state()).isEqualTo(last);
            assertThat(last.result().completedAt()).isNotNull();
            assertThat(last.wakeAt()).isNull();
        }
    }

    private static void checkStep(Known before, Known after, List<PredictionInput> history) {
        if (before.status().isTerminal()) {
            assertThat(after).as("left a terminal state by %s", history).isEqualTo(before);
        }
        String shown = String.valueOf(after.result().output()) + after.result().logs();
        switch (after.status()) {
            case STARTING -> assertThat(after.result()).as("shown while queued, %s", history).isEqualTo(Result.NONE);
            case PROCESSING -> {
                AttemptId current = Objects.requireNonNull(after.attempts().current());
                for (int other = 1; other <= ATTEMPTS; other++) {
                    if (!Samples.attempt(other).equals(current)) {
                        assertThat(shown).as("of another attempt, %s", history).doesNotContain("<" + other + ">");
                    }
                }
            }
            default -> { }
        }
        assertThat(after.attempts().newest().stream().filter(it -> it.outcome() == AttemptOutcome.RUNNING).count())
                .as("attempts that run, %s", history)
                .isEqualTo(after.status() == PredictionStatus.PROCESSING ? 1 : 0);
    }

    private static void checkEffects(Life life, List<PredictionInput> history) {
        Known end = life.known();
        int queued = end.round().number() - (end.round().due() == null ? 0 : 1);
        assertThat(life.queued()).as("each round once, in order, %s", history).hasSizeBetween(
                end.status().isTerminal() ? Math.max(0, end.round().number() - 1) : queued, end.round().number());
        for (int i = 0; i < life.queued().size(); i++) {
            assertThat(life.queued().get(i)).isEqualTo(i + 1);
        }
        assertThat(end.attempts().tally().failures()).isLessThanOrEqualTo(end.job().limits().attempts());
        assertThat(life.buried()).isLessThanOrEqualTo(end.status() == PredictionStatus.FAILED ? 1 : 0);
    }

    private static JobLimits limits(Random random) {
        return new JobLimits(
                1 + random.nextInt(4), random.nextInt(3) == 0 ? Duration.ofSeconds(15) : null, null, random.nextInt(4) == 0);
    }

    // Not what executors would do, but everything they could.
    private static PredictionInput anything(Random random, Known now) {
        Instant wake = now.wakeAt();
        if (wake != null && random.nextInt(4) == 0) {
            return new PredictionInput.TimerFired(wake);
        }
        int attempt = 1 + random.nextInt(ATTEMPTS);
        if (now.attempts().current() != null && random.nextInt(3) > 0) {
            attempt = number(now.attempts().current());
        }
        if (random.nextInt(20) == 0) {
            return new PredictionInput.CancelRequested(at(random));
        }
        if (random.nextInt(10) == 0) {
            return new PredictionInput.AttemptSilent(Samples.attempt(attempt), at(random));
        }
        int round = Math.max(0, now.round().number() - (random.nextInt(4) == 0 ? 1 : 0));
        // Worker 1 makes attempts 1, 4, 7 … and so on; the third kind vanishes before it has said anything.
        return reported(Samples.event(ID, attempt, 1 + attempt % 3, round, random.nextInt(60), body(random, attempt, now)));
    }

    private static AttemptEvent.Body body(Random random, int attempt, Known now) {
        Instant began = random.nextBoolean() ? at(random) : null;
        return switch (random.nextInt(16)) {
            case 0 -> Samples.succeeded(began, "<" + attempt + ">");
            case 1 -> Samples.canceled(began);
            case 2 -> Samples.failed(began, "model");
            case 3, 4 -> Samples.brokenDown(began, "platform");
            case 5 -> Samples.workerLost(began, "worker");
            case 6 -> new AttemptEvent.Redelivered(2);
            case 7 -> new AttemptEvent.Returned();
            case 8 -> new AttemptEvent.Renewed();
            case 9 -> new AttemptEvent.Progressed(0.5);
            case 10, 11 -> Samples.output(chunks(now), "<" + attempt + ">");
            case 12 -> new AttemptEvent.LogsAppended(now.result().logs().length(), "<" + attempt + ">");
            default -> new AttemptEvent.Started();
        };
    }

    private static int chunks(Known now) {
        return now.result().output() == null ? 0 : now.result().output().size();
    }

    private static int number(AttemptId attempt) {
        return java.util.stream.IntStream.rangeClosed(1, ATTEMPTS)
                .filter(it -> Samples.attempt(it).equals(attempt))
                .findFirst()
                .orElseThrow();
    }

    private static List<PredictionInput> withJobAt(int place, List<PredictionInput> happenings, PredictionInput job) {
        List<PredictionInput> all = new ArrayList<>(happenings);
        all.add(place, job);
        return all;
    }

    private static @Nullable Webhook webhook(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> new Webhook("https://example.com/hook", null);
            default -> Samples.EVERYTHING;
        };
    }

    // Order holds within an attempt, as in Kafka, but for records that are written again.
    private static List<PredictionInput> happenings(Random random) {
        List<List<PredictionInput>> sources = new ArrayList<>();
        int attempts = 1 + random.nextInt(3);
        for (int attempt = 1; attempt <= attempts; attempt++) {
            sources.add(attempt(attempt, random));
        }
        if (random.nextInt(3) == 0) {
            sources.add(new ArrayList<>(List.of(new PredictionInput.CancelRequested(at(random)))));
        }
        List<PredictionInput> all = new ArrayList<>();
        while (sources.stream().anyMatch(source -> !source.isEmpty())) {
            List<PredictionInput> source = sources.get(random.nextInt(sources.size()));
            if (!source.isEmpty()) {
                all.add(source.removeFirst());
            }
            if (!all.isEmpty() && random.nextInt(5) == 0) {
                all.add(all.get(random.nextInt(all.size())));
            }
        }
        return all;
    }

    private static List<PredictionInput> attempt(int number, Random random) {
        List<AttemptEvent.Body> bodies = new ArrayList<>();
        boolean saysStart = random.nextInt(4) > 0;
        if (saysStart) {
            bodies.add(new AttemptEvent.Started());
            int chunks = 0;
            int characters = 0;
            for (int left = random.nextInt(5); left > 0; left--) {
                switch (random.nextInt(3)) {
                    case 0 -> bodies.add(Samples.output(chunks++, "chunk " + chunks));
                    case 1 -> {
                        bodies.add(new AttemptEvent.LogsAppended(characters, "line\n"));
                        characters += 5;
                    }
                    default -> bodies.add(new AttemptEvent.Progressed(random.nextDouble()));
                }
            }
        }
        Instant begun = saysStart || random.nextBoolean() ? at(random) : null;
        switch (random.nextInt(8)) {
            case 4 -> bodies.add(Samples.brokenDown(begun, "error of " + number));
            case 5 -> bodies.add(Samples.workerLost(begun, "error of " + number));
            case 6 -> bodies.add(new AttemptEvent.Returned());
            case 0 -> bodies.add(Samples.succeeded(begun, "result of " + number));
            case 1 -> bodies.add(Samples.failed(begun, "error of " + number));
            case 2 -> bodies.add(Samples.canceled(begun));
            default -> { } // killed: it never says that it ended
        }
        if (random.nextInt(6) == 0) {
            bodies.clear();
            bodies.add(new AttemptEvent.Redelivered(2));
        }
        // All of the submission: while the job record has not been read there is no other round.
        List<PredictionInput> events = new ArrayList<>();
        bodies.forEach(body -> events.add(reported(Samples.event(ID, number, number % 2, 0, random.nextInt(60), body))));
        return events;
    }

    private static Instant at(Random random) {
        return CREATED.plusMillis(random.nextInt(60_000));
    }
}
