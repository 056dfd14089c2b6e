package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.auspex.protocol.AttemptId;
import dev.auspex.protocol.ExecutorId;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.event.AttemptEvent;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From attempts to the same bill, however it is asked for. */
@ExtendWith(KafkaExtension.class)
class UsageIT {

    private static final String CREATE = "{\"version\":\"acme/painter\",\"input\":{\"prompt\":\"a cat\"}}";
    private static final String BOB = "Bearer " + Edge.OTHER_TOKEN;

    private final Random random = new Random(19);

    @Test
    void shouldComeToTheSameTotalWhenItIsCountedAnewFromTheTopic(
            KafkaClients kafka, Topics topics, @TempDir Path data) throws Exception {
        try (Edge edge = Edge.start(kafka, topics, data)) {
            for (int i = 0; i < 20; i++) {
                assertThat(edge.post(i % 2, "/v1/predictions", CREATE).get().statusCode()).isEqualTo(201);
            }
            assertThat(edge.post(0, "/v1/predictions", CREATE, "Authorization", BOB).get().statusCode()).isEqualTo(201);
            for (Job job : edge.jobs()) {
                run(edge, job, Instant.parse("2026-03-01T12:00:00Z"));
            }
            String day = "/v1/usage?group_by=day,model,hardware,account&from=2026-03-01&to=2026-03-01";

            await().untilAsserted(() -> {
                assertThat(Edge.json(edge.get(0, day)).at("/total/attempts").asInt()).isEqualTo(20);
                assertThat(Edge.json(edge.get(0, day, "Authorization", BOB)).at("/total/attempts").asInt()).isEqualTo(1);
            });
            JsonNode alice = Edge.json(edge.get(1, day));
            assertThat(alice.get("results")).hasSize(1);
            assertThat(alice.at("/results/0")).hasToString("{\"day\":\"2026-03-01\",\"model\":\"acme/painter\","
                    + "\"hardware\":\"cpu\",\"account\":\"alice\",\"attempts\":20,\"run_seconds\":40,"
                    + "\"billed_seconds\":24.68,\"cost\":\"0.037637\"}");
            assertThat(Edge.json(edge.get(1, day, "Authorization", BOB)).at("/results/0/account").asText())
                    .isEqualTo("bob");
            assertThat(edge.get(0, day + "&format=csv").body()).startsWith("day,model,hardware,account,attempts")
                    .contains("2026-03-01,acme/painter,cpu,alice,20,40,24.68,0.037637");
            await().untilAsserted(() ->
                    assertThat(Edge.json(edge.get(0, day + "&recount=true"))).as("from the topic").isEqualTo(alice));

            String everybody = "/v1/usage?group_by=account&account=*&from=2026-03-01&to=2026-03-01";
            assertThat(Edge.json(edge.get(0, everybody)).get("results")).as("alice administers").hasSize(2);
            assertThat(edge.get(0, everybody, "Authorization", BOB).statusCode()).isEqualTo(403);
            assertThat(edge.get(0, "/v1/usage?account=alice", "Authorization", BOB).statusCode()).isEqualTo(403);

            edge.restartRouter();
            int started = edge.addGateway();
            await().untilAsserted(() -> assertThat(runs(edge, started)).as("runs before any restart").isEqualTo(21));
            String id = Edge.json(edge.post(0, "/v1/predictions", CREATE).get()).get("id").asText();
            run(edge, edge.jobs().stream().filter(job -> job.id().value().equals(id)).findFirst().orElseThrow(),
                    Instant.now());
            await().atMost(Duration.ofSeconds(20)).untilAsserted(
                    () -> assertThat(runs(edge, started)).as("one today").isEqualTo(22));
            await().ignoreExceptions().untilAsserted(() ->
                    assertThat(Edge.json(edge.get(0, day))).as("after a restart").isEqualTo(alice));
            assertThat(usage(edge, "--from", "2026-03-01", "--to", "2026-03-01", "--recompute"))
                    .contains("acme/painter", "0.037637 USD", "the same, 20 attempts, 24.68 s billed");
        }
    }

    private static int runs(Edge edge, int gateway) throws Exception {
        return Edge.json(edge.get(gateway, "/v1/models/acme/painter")).get("run_count").asInt();
    }

    private void run(Edge edge, Job job, Instant begin) throws Exception {
        AttemptId attempt = AttemptId.create(begin, random);
        ObjectNode metrics = Json.object().put("predict_time", 1.234);
        AttemptEvent.Body[] bodies = {new AttemptEvent.Started(), new AttemptEvent.Succeeded(null, "", metrics, begin)};
        for (int i = 0; i < bodies.length; i++) {
            AttemptEvent event = AttemptEvent.of(
                    job, attempt, new ExecutorId("worker"), begin.plusSeconds(2L * i), bodies[i]);
            edge.write(edge.topics().events(), job.id().value(), Serdes.EVENT.serialize(event));
        }
    }

    private static String usage(Edge edge, String... options) {
        StringWriter said = new StringWriter();
        String[] args = new String[options.length + 5];
        args[0] = "usage";
        args[1] = "--url";
        args[2] = edge.base(0);
        args[3] = "--token";
        args[4] = Edge.TOKEN;
        System.arraycopy(options, 0, args, 5, options.length);
        int code = Auspex.commandLine().setOut(new PrintWriter(said)).execute(args);
        assertThat(code).as(said.toString()).isZero();
        return said.toString();
    }
}
