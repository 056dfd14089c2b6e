package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.system.Api.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who waits for whom, counted in predictions, not in time: on two slots that others fill. */
@ExtendWith(SharedAuspex.class)
class PriorityIT {

    private static final String ECHO = "/v1/models/auspex/echo/predictions";
    /** What one account may have waiting before it stands behind others; the default. */
    private static final int SHARE = 32;
    /** Of low priority, in the queue or in the slots when something else comes. */
    private static final int AHEAD = 40;

    @Test
    void shouldWaitForFewOthersWhenAnotherAccountHasFloodedTheQueue(RunningAuspex auspex) throws Exception {
        Api flooding = auspex.api("acme");
        List<String> flood = create(flooding, 150, "normal");

        JsonNode own = run(auspex.api("other"), "normal");

        List<JsonNode> ended = ended(flooding, flood);
        assertThat(ended).allMatch(prediction -> prediction.path("status").asText().equals("succeeded"));
        assertThat(ended).as("they wait their turn, and say so").anyMatch(PriorityIT::isLow);
        assertThat(overtaken(own, ended)).as("of 150 that were there before").isLessThanOrEqualTo(SHARE + AHEAD);
    }

    @Test
    void shouldStandBackWhenLowPriorityIsAskedFor(RunningAuspex auspex) throws Exception {
        Api api = auspex.api("acme");
        List<String> batch = create(api, 100, "low");

        List<JsonNode> own = List.of(run(api, "normal"), run(api, "normal"));

        List<JsonNode> ended = ended(api, batch);
        assertThat(ended).allMatch(PriorityIT::isLow);
        assertThat(ended).allMatch(prediction -> prediction.path("status").asText().equals("succeeded"));
        assertThat(own).noneMatch(PriorityIT::isLow);
        own.forEach(each -> assertThat(overtaken(each, ended)).isLessThanOrEqualTo(AHEAD));
    }

    @Test
    void shouldNameTheHeaderWhenThereIsNoSuchPriority(RunningAuspex auspex) throws Exception {
        Reply refused = post(auspex.api("acme"), "urgent");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().at("/invalid_fields/0/field").asText()).isEqualTo("Auspex-Priority");
        assertThat(refused.text()).contains("expected normal or low");
    }

    private static boolean isLow(JsonNode prediction) {
        return prediction.path("priority").asText().equals("low");
    }

    private static Reply post(Api api, String priority) throws Exception {
        return api.send("POST", ECHO, Map.of("content-type", "application/json", "auspex-priority", priority),
                BodyPublishers.ofString("{\"input\":{\"text\":\"queue\",\"seconds\":0.1}}"));
    }

    private static List<String> create(Api api, int count, String priority) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Reply created = post(api, priority);
            assertThat(created.status()).as(created.text()).isEqualTo(201);
            ids.add(created.json().path("id").asText());
        }
        return ids;
    }

    private static JsonNode run(Api api, String priority) throws Exception {
        return ended(api, create(api, 1, priority)).getFirst();
    }

    private static List<JsonNode> ended(Api api, List<String> ids) throws Exception {
        List<JsonNode> ended = new ArrayList<>();
        for (String id : ids) {
            ended.add(await().atMost(Duration.ofSeconds(60)).until(
                    () -> api.get("/v1/predictions/" + id).json(), shown -> shown.has("completed_at")));
        }
        return ended;
    }

    /** How many others were started while this one waited. */
    private static long overtaken(JsonNode own, List<JsonNode> others) {
        Instant from = Instant.parse(own.path("created_at").asText());
        Instant until = Instant.parse(own.path("started_at").asText());
        return others.stream()
                .map(other -> Instant.parse(other.path("started_at").asText()))
                .filter(started -> started.isAfter(from) && started.isBefore(until))
                .count();
    }
}
