package dev.auspex.router.domain;

import static dev.auspex.router.Samples.CREATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.router.Samples;
import dev.auspex.router.domain.Decision.Applied;
import dev.auspex.router.domain.Decision.Snapshot;
import dev.auspex.router.domain.PredictionState.Known;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random lives: several attempts whose events come interleaved and repeated, with the job record anywhere among them. */
class PredictionLifeModelTest {

    private static final int LIVES = 4_000;
    private static final PredictionId ID = Samples.id(1);

    private record Folded(PredictionState state, List<Snapshot> published) {}

    @Test
    void shouldKeepTheInvariantsWhenEventsComeInAnyOrder() {
        long seed = Long.getLong("auspex.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dauspex.seed=" + seed + ")");
        Random random = new Random(seed);
        for (int life = 0; life < LIVES; life++) {
            List<PredictionInput> happenings = happenings(random);
            PredictionInput job = new PredictionInput.JobAccepted(Samples.job(ID, webhook(random)));
            Folded jobFirst = fold(withJobAt(0, happenings, job));
            check(jobFirst, happenings);

            int place = random.nextInt(happenings.size() + 1);
            assertThat(fold(withJobAt(place, happenings, job)))
                    .as("seed %s, life %s: the job at %s of %s", seed, life, place, happenings)
                    .isEqualTo(jobFirst);
        }
    }

    private static void check(Folded folded, List<PredictionInput> happenings) {
        List<Snapshot> published = folded.published();
        for (int i = 0; i < published.size(); i++) {
            assertThat(published.get(i).state().sequence()).as("numbers without gaps").isEqualTo(i);
        }
        long ends = published.stream().filter(it -> it.state().status().isTerminal()).count();
        boolean hasEnd = happenings.stream().anyMatch(it -> Trigger.of(it).isTerminal());
        assertThat(ends).as("terminal snapshots").isLessThanOrEqualTo(1);
        assertThat(hasEnd && ends == 0).as("an end was reported but not taken").isFalse();
        assertThat(published.stream().filter(it -> it.change() == WebhookEvent.COMPLETED).count()).isEqualTo(ends);
        assertThat(published.stream().filter(it -> it.change() == WebhookEvent.START).count()).isLessThanOrEqualTo(1);
        if (ends == 1) {
            Known last = published.getLast().state();
            assertThat(last.status().isTerminal()).as("the end comes last").isTrue();
            assertThat(folded.state()).isEqualTo(last);
            assertThat(last.result().completedAt()).isNotNull();
        }
    }

    private static List<PredictionInput> withJobAt(int place, List<PredictionInput> happenings, PredictionInput job) {
        List<PredictionInput> all = new ArrayList<>(happenings);
        all.add(place, job);
        return all;
    }

    private static Folded fold(List<PredictionInput> inputs) {
        PredictionState state = PredictionState.NONE;
        List<Snapshot> published = new ArrayList<>();
        for (PredictionInput input : inputs) {
            if (PredictionLife.apply(state, input) instanceof Applied applied) {
                state = applied.state();
                published.addAll(applied.snapshots());
            }
        }
        return new Folded(state, published);
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
        switch (random.nextInt(4)) {
            case 0 -> bodies.add(Samples.succeeded(begun, "result of " + number));
            case 1 -> bodies.add(Samples.failed(begun, "error of " + number));
            case 2 -> bodies.add(Samples.canceled(begun));
            default -> { } // killed: it never says that it ended
        }
        List<PredictionInput> events = new ArrayList<>();
        bodies.forEach(body -> events.add(Samples.reported(Samples.event(ID, number, random.nextInt(60), body))));
        return events;
    }

    private static Instant at(Random random) {
        return CREATED.plusMillis(random.nextInt(60_000));
    }
}
