package dev.auspex.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Priority;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.router.RouterHarness;
import dev.auspex.router.Samples;
import dev.auspex.router.TopicReader;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of low priority reach the executors' queue one after the other as they are started, over a restart of the router. */
@ExtendWith(KafkaExtension.class)
class LowPriorityIT {

    private static final HardwareClass CPU = new HardwareClass("cpu");
    private static final AccountId OTHER = new AccountId("other");

    private final Random random = new Random(73);
    private final Map<PredictionId, AccountId> submitted = new HashMap<>();
    private final List<PredictionId> order = new ArrayList<>();

    @Test
    void shouldPutOneAfterTheOtherIntoTheQueueWhenTheyAreStarted(KafkaClients kafka, Topics topics, @TempDir Path data)
            throws Exception {
        try (RouterHarness router = RouterHarness.ready(kafka, topics, data)) {
            for (int i = 0; i < 5; i++) {
                submit(router, topics, Samples.ACCOUNT);
            }
            submit(router, topics, OTHER);
        }
        try (RouterHarness router = RouterHarness.ready(kafka, topics, data);
                TopicReader queue = new TopicReader(kafka, topics, topics.retries(CPU))) {
            for (int started = 0; started < submitted.size(); started++) {
                int expected = started + 1;
                // While nothing is started nothing else comes; when all have been, the window may grow by another one.
                await().untilAsserted(() -> assertThat(queued(queue)).hasSizeGreaterThanOrEqualTo(expected));
                PredictionId next = queued(queue).stream().filter(id -> !order.contains(id)).findFirst().orElseThrow();
                order.add(next);
                router.report(new AttemptEvent(
                        next, submitted.get(next), Samples.attempt(expected), Samples.EXECUTOR, Instant.now(),
                        new AttemptEvent.Started(), 1));
            }
            await().untilAsserted(() -> assertThat(queued(queue)).hasSize(submitted.size()));
        }
    }

    private void submit(RouterHarness router, Topics topics, AccountId account) throws Exception {
        PredictionId id = PredictionId.create(Instant.now(), random);
        submitted.put(id, account);
        router.send(
                topics.heldJobs(),
                id.value(),
                Serdes.JOB.serialize(Samples.job(account, id, id.createdAt(), null).with(Priority.LOW)));
        assertThat(router.get(account, id, "").statusCode()).as("it is there at once").isEqualTo(200);
    }

    private List<PredictionId> queued(TopicReader queue) {
        return submitted.keySet().stream().filter(id -> !queue.poll(id).isEmpty()).toList();
    }
}
