package dev.auspex.router.replay;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.replay.Replay;
import dev.auspex.protocol.replay.ReplayFilter;
import dev.auspex.protocol.replay.ReplayOverrides;
import dev.auspex.protocol.replay.ReplayRequest;
import dev.auspex.protocol.replay.ReplaySpec;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.router.replay.Replays.Reception;
import dev.auspex.runtime.config.Settings;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.runtime.lifecycle.ServiceContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Replays at work, without a router around them, and the topics that they read and write. */
final class RunningReplays implements AutoCloseable {

    private static final Random RANDOM = new Random();

    final ReplayTopics topics;
    final ServiceContext context;
    final Replays replays;

    /** Nothing runs before the replays are started. The account {@code forgetful} keeps its data for an hour. */
    RunningReplays(KafkaClients kafka, Topics names, Path data) throws Exception {
        this.topics = new ReplayTopics(kafka, names);
        this.context = ServiceContext.create(Settings.of(
                RouterHarness.settings(kafka, names, data, Map.of("data.retention", "forgetful=1h"))));
        this.replays = new Replays(context);
    }

    /** Everything that failed. */
    static ReplayFilter filter() {
        return new ReplayFilter(List.of(), null, null, null, null, List.of(), null, null);
    }

    static ReplayRequest request(
            AccountId account, ReplayFilter filter, ReplayOverrides overrides, @Nullable Double rate, boolean again) {
        Instant now = Instant.now();
        return new ReplayRequest(
                PredictionId.create(now, RANDOM), account, new ReplaySpec(filter, overrides, rate, again), now,
                "http://new.test");
    }

    /** Asks for a replay and waits for its end. */
    Replay run(ReplayRequest request) throws Exception {
        return ended(create(request));
    }

    Replay create(ReplayRequest request) throws Exception {
        return switch (replays.create(request).get()) {
            case Reception.Accepted(Replay replay) -> replay;
            case Reception other -> throw new AssertionError(other);
        };
    }

    Replay now(Replay replay) throws Exception {
        return replays.find(replay.request().account(), replay.request().id()).get().orElseThrow();
    }

    Replay ended(Replay replay) {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).until(
                () -> now(replay), now -> now.status().isTerminal());
    }

    @Override
    public void close() throws Exception {
        replays.stop(Duration.ofSeconds(5));
        topics.close();
        context.vertx().close().await();
    }
}
