package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.system.WebhookReceiver.Delivery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The official {@code replicate} client from npm, unmodified, against {@code ./auspex up}. */
@ExtendWith(SharedAuspex.class)
class OfficialClientIT {

    private static final String TEXT = "Grüße an die 世界, with an emoji 🌍 and\na second line";
    private static final Duration WEBHOOK_LIMIT = Duration.ofSeconds(20);

    private static OfficialClient client;

    @BeforeAll
    static void install(RunningAuspex auspex) throws Exception {
        client = OfficialClient.install(auspex);
    }

    @Test
    void shouldReturnTheOutputWhenAModelIsRun() throws Exception {
        JsonNode result = client.scenario("run", Map.of("text", TEXT, "fail", "out of paint"));

        assertThat(text(result.path("byName"))).as("run by owner/name").isEqualTo(TEXT);
        assertThat(text(result.path("byVersion"))).as("run by owner/name:version").isEqualTo(TEXT);
        assertThat(text(result.path("polled"))).as("run with polling").isEqualTo(TEXT);
        assertThat(text(result.path("outlasting"))).as("run that outlasts its Prefer: wait").isEqualTo(TEXT);
        assertThat(texts(result.path("seen"))).as("statuses the progress callback saw").last().isEqualTo("succeeded");
        assertThat(result.path("failure").asText()).as("what run() throws for a failed model")
                .startsWith("Prediction failed: ").contains("out of paint");
    }

    @Test
    void shouldCreateReadWaitAndListWhenPredictionsAreManagedByHand() throws Exception {
        int many = 130;
        JsonNode result = client.scenario("lifecycle", Map.of("many", many, "otherToken", otherToken()));

        assertThat(result.path("created").path("status").asText()).as("status right after create").isEqualTo("starting");
        assertThat(result.path("read").path("id")).as("get right after create").isEqualTo(result.path("created").path("id"));
        JsonNode done = result.path("done");
        assertThat(done.path("status").asText()).isEqualTo("succeeded");
        assertThat(text(done.path("output"))).isEqualTo("one");
        assertThat(done.path("error").isNull()).as("error is null").isTrue();
        assertThat(done.path("metrics").path("predict_time").isNumber()).as("metrics.predict_time in %s", done).isTrue();
        assertThat(done.path("started_at").asText()).isGreaterThanOrEqualTo(done.path("created_at").asText());
        assertThat(done.path("completed_at").asText()).isGreaterThanOrEqualTo(done.path("started_at").asText());
        assertThat(result.path("held").path("status").asText()).as("create with wait").isEqualTo("succeeded");
        assertThat(result.path("page").path("results").get(0).path("id")).as("newest first")
                .isEqualTo(result.path("held").path("id"));

        List<String> listed = texts(result.path("listed"));
        assertThat(listed).as("ids over all pages").doesNotHaveDuplicates().containsAll(texts(result.path("many")));
        assertThat(result.path("pages").asInt()).as("pages of 100").isEqualTo((listed.size() + 99) / 100);
        assertThat(result.path("foreign").path("results").findValuesAsText("id"))
                .as("another account's list").doesNotContainAnyElementsOf(listed);
    }

    @Test
    void shouldStopPredictionsWhenTheyAreCanceledQueuedOrRunning() throws Exception {
        JsonNode result = client.scenario("cancel", Map.of("slots", SharedAuspex.SLOTS));

        JsonNode queued = result.path("queuedEnd");
        assertThat(result.path("queuedReply").path("id")).as("cancel answers with the prediction").isEqualTo(queued.path("id"));
        assertThat(queued.path("status").asText()).as("canceled in the queue").isEqualTo("canceled");
        assertThat(queued.has("started_at")).as("never started: %s", queued).isFalse();
        JsonNode running = result.path("runningEnd");
        assertThat(running.path("status").asText()).as("canceled while running").isEqualTo("canceled");
        assertThat(running.path("completed_at").isTextual()).isTrue();
        assertThat(result.path("runningMs").asInt()).as("milliseconds until a running job stopped").isLessThan(5_000);
        assertThat(result.path("again").path("status").asText()).as("canceling twice").isEqualTo("canceled");
        assertThat(result.path("abortedEnd").path("status").asText())
                .as("run() with an aborted signal ended as %s", result.path("runEnd")).isEqualTo("canceled");
    }

    @Test
    void shouldDeliverTokensOneByOneWhenAModelIsStreamed() throws Exception {
        int words = TEXT.split("\\s+").length;
        JsonNode result = client.scenario("stream", Map.of(
                "input", Map.of("text", TEXT, "seconds", 0.5, "tokens", words), "fail", "stumbled"));

        JsonNode whole = result.path("whole").path("events");
        assertThat(result.path("whole").path("error").isNull()).as("stream: %s", result.path("whole")).isTrue();
        assertThat(output(whole)).as("chunks put together; every word brings the space after it").isEqualTo(TEXT + " ");
        assertThat(whole.findValuesAsText("event")).as("only the events clients know").containsOnly("output", "done").last()
                .isEqualTo("done");
        assertThat(whole.findValuesAsText("id")).as("ids").doesNotHaveDuplicates().hasSize(whole.size());
        assertThat(whole).as("one event for each word, and done").hasSize(words + 1);

        assertThat(result.path("atThird").asText()).as("status when the third chunk is here").isEqualTo("processing");
        JsonNode canceled = result.path("canceled").path("events");
        assertThat(canceled.get(canceled.size() - 1).path("event").asText()).as("last event of a canceled one").isEqualTo("done");
        assertThat(canceled.get(canceled.size() - 1).path("data").asText()).contains("canceled");

        JsonNode late = result.path("late");
        assertThat(late.path("status").asInt()).as("stream of a finished prediction").isEqualTo(200);
        assertThat(late.path("type").asText()).startsWith("text/event-stream");
        assertThat(late.path("text").asText()).as("a late reader gets everything").contains("event: done").contains("世界")
                .doesNotContain("\r");
        assertThat(result.path("failing").path("error").asText()).as("error of a failing stream").contains("stumbled");
    }

    @Test
    void shouldTurnAPhotoIntoAVideoWhenABufferIsTheInput(@TempDir Path folder) throws Exception {
        int width = 320;
        int height = 240;
        int fps = 12;
        double seconds = 1.5;
        Path video = folder.resolve("video.mp4");
        JsonNode result = client.scenario("video", Map.of(
                "image", TestPhoto.jpeg(folder, 600, 401).toString(),
                "video", video.toString(),
                "input", Map.of("motion", "zoom-in", "width", width, "height", height, "fps", fps, "seconds", seconds)));

        assertThat(result.path("status").asInt()).as("download of %s", result.path("url")).isEqualTo(200);
        assertThat(result.path("type").asText()).isEqualTo("video/mp4");
        assertThat(result.path("prediction").path("input").path("image").asText())
                .as("the client uploaded the photo").contains("/v1/files/");
        Video probed = Video.probe(video);
        assertThat(probed.codec()).isEqualTo("h264");
        assertThat(probed.width()).isEqualTo(width);
        assertThat(probed.height()).isEqualTo(height);
        assertThat(probed.frames()).isEqualTo((int) (seconds * fps));
        assertThat(probed.seconds()).isCloseTo(seconds, within(0.5 / fps));
    }

    @Test
    void shouldVerifyWithTheClientsOwnCheckWhenWebhooksArrive(RunningAuspex auspex) throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start()) {
            List<String> every = List.of("start", "output", "logs", "completed");
            JsonNode all = createWithWebhook(receiver, "/all?job=1", Map.of("text", TEXT, "seconds", 1), every);
            JsonNode completed = createWithWebhook(receiver, "/completed", Map.of("text", TEXT), List.of("completed"));
            JsonNode failed = createWithWebhook(receiver, "/failed", Map.of("text", TEXT, "fail", "no canvas"), List.of());
            awaitCompleted(receiver, "/all?job=1");
            awaitCompleted(receiver, "/completed");
            awaitCompleted(receiver, "/failed");

            assertThat(statuses(receiver, "/all?job=1")).as("statuses in order").startsWith("processing").endsWith("succeeded")
                    .containsOnly("processing", "succeeded");
            assertThat(receiver.deliveries("/completed")).as("filter [completed]").hasSize(1);
            assertThat(receiver.deliveries("/completed").getFirst().text()).as("body is what GET answers")
                    .isEqualTo(get(auspex, completed));
            assertThat(receiver.deliveries("/all?job=1").getLast().text()).isEqualTo(get(auspex, all));
            assertThat(statuses(receiver, "/failed")).as("default filter, failed model").endsWith("failed");
            assertThat(failed.path("error").asText()).contains("no canvas");
            assertThat(receiver.deliveries()).as("webhook ids").extracting(delivery -> delivery.header("webhook-id"))
                    .doesNotHaveDuplicates().allSatisfy(id -> assertThat(id).startsWith("msg_"));
            assertThat(receiver.deliveries()).allSatisfy(delivery -> {
                assertThat(delivery.method()).isEqualTo("POST");
                assertThat(delivery.header("content-type")).startsWith("application/json");
            });
            checkSignatures(receiver.deliveries());
        }
    }

    @Test
    void shouldVerifyWithTheReferenceLibraryWhenARegisteredEndpointIsTold() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start()) {
            JsonNode made = client.scenario("webhook-endpoint", Map.of("url", receiver.url("/account")));
            JsonNode done = createWithWebhook(receiver, "/own", Map.of("text", TEXT), List.of("completed"));
            await("completed at the account's endpoint").atMost(WEBHOOK_LIMIT).untilAsserted(() ->
                    assertThat(receiver.deliveries("/account")).extracting(Delivery::text)
                            .filteredOn(text -> text.contains(done.path("id").asText())).hasSize(1));
            JsonNode secret = made.path("secret");
            JsonNode result = client.scenario("standard-verify", Map.of(
                    "deliveries", shown(receiver.deliveries("/account")),
                    "keys", List.of(secret.path("key").asText(), secret.path("previous_key").asText())));
            assertThat(result.path("results")).isNotEmpty().allSatisfy(verdict -> {
                assertThat(verdict.path("genuine")).as("new and old secret").allMatch(JsonNode::asBoolean);
                assertThat(verdict.path("changed")).as("changed body").noneMatch(JsonNode::asBoolean);
            });
            assertThat(receiver.deliveries("/account").getFirst().header("x-environment")).isEqualTo("test");
            // The installation is shared by tests: the next ones' receivers are elsewhere.
            JsonNode removed = client.scenario(
                    "webhook-endpoint", Map.of("remove", made.path("endpoint").path("id").asText()));
            assertThat(removed.path("status").asInt()).isEqualTo(204);
        }
    }

    private static List<Map<String, Object>> shown(List<Delivery> deliveries) {
        List<Map<String, Object>> shown = new ArrayList<>();
        deliveries.forEach(delivery -> shown.add(
                Map.of("headers", delivery.headers(), "body", Base64.getEncoder().encodeToString(delivery.body()))));
        return shown;
    }

    private void checkSignatures(List<Delivery> deliveries) throws Exception {
        List<Map<String, Object>> shown = shown(deliveries);
        JsonNode result = client.scenario("webhook-validate", Map.of("deliveries", shown, "otherToken", otherToken()));

        assertThat(result.path("key").asText()).startsWith("whsec_").isNotEqualTo(result.path("foreignKey").asText());
        assertThat(result.path("results")).hasSize(deliveries.size()).allSatisfy(verdict -> {
            assertThat(verdict.path("raw").asBoolean()).as("raw body").isTrue();
            assertThat(verdict.path("request").asBoolean()).as("Request object").isTrue();
            assertThat(verdict.path("parsed").asBoolean()).as("body parsed and serialised again").isTrue();
            assertThat(verdict.path("foreign").asBoolean()).as("with another account's secret").isFalse();
        });
        JsonNode standard = client.scenario("standard-verify", Map.of(
                "deliveries", shown,
                "keys", List.of(result.path("key").asText(), result.path("foreignKey").asText())));
        assertThat(standard.path("results")).hasSize(deliveries.size()).allSatisfy(verdict -> {
            assertThat(verdict.path("genuine").get(0).asBoolean()).as("reference library").isTrue();
            assertThat(verdict.path("genuine").get(1).asBoolean()).as("with another account's secret").isFalse();
            assertThat(verdict.path("changed").get(0).asBoolean()).as("changed body").isFalse();
        });
        for (int i = 0; i < deliveries.size(); i++) {
            if (deliveries.get(i).text().contains("succeeded")) {
                assertThat(result.path("results").get(i).path("tampered").asBoolean()).as("changed body").isFalse();
            }
        }
    }

    @Test
    void shouldKeepFilesWhenTheyAreUploaded() throws Exception {
        String content = "a file\nwith two lines";
        JsonNode result = client.scenario("files", Map.of("content", content, "otherToken", otherToken()));

        JsonNode created = result.path("created");
        assertThat(created.path("size").asInt()).isEqualTo(content.length());
        assertThat(created.path("metadata").path("origin").asText()).isEqualTo("client");
        assertThat(created.path("checksums").path("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(created.path("urls").path("get").asText()).contains("/v1/files/" + created.path("id").asText());
        assertThat(result.path("blob").path("name").asText()).isEqualTo("grüße.txt");
        assertThat(result.path("blob").path("content_type").asText()).startsWith("text/plain");
        assertThat(result.path("read")).as("get answers what create did").isEqualTo(created);
        assertThat(result.path("listed").path("results").findValuesAsText("id")).as("newest first")
                .startsWith(result.path("blob").path("id").asText(), created.path("id").asText());
        assertThat(result.path("foreign").asInt()).as("another account's file").isEqualTo(404);
        assertThat(result.path("deleted").asBoolean()).as("delete answers 204").isTrue();
        assertThat(result.path("gone").asInt()).as("get after delete").isEqualTo(404);
    }

    @Test
    void shouldDescribeItselfWhenTheCatalogueIsRead() throws Exception {
        JsonNode result = client.scenario("catalogue", Map.of());

        for (String name : List.of("echo", "motion-video")) {
            JsonNode model = result.path(name.equals("echo") ? "echo" : "video");
            assertThat(model.path("owner").asText() + "/" + model.path("name").asText()).isEqualTo("auspex/" + name);
            assertThat(model.path("visibility").asText()).isEqualTo("public");
            JsonNode schemas = model.path("latest_version").path("openapi_schema").path("components").path("schemas");
            assertThat(schemas.path("Input").path("properties").isEmpty()).as("input schema of %s", name).isFalse();
            assertThat(schemas.path("Output").isMissingNode()).as("output schema of %s", name).isFalse();
        }
        String version = result.path("echo").path("latest_version").path("id").asText();
        assertThat(result.path("models").path("results").findValuesAsText("name")).contains("echo", "motion-video");
        assertThat(result.path("versions").path("results").get(0).path("id").asText()).isEqualTo(version);
        assertThat(result.path("version").path("id").asText()).isEqualTo(version);
        assertThat(result.path("version").path("cog_version").isTextual()).as("Python clients need cog_version").isTrue();
        assertThat(result.path("hardware")).as("a bare array").isNotEmpty().allSatisfy(sku -> {
            assertThat(sku.path("sku").isTextual()).isTrue();
            assertThat(sku.path("name").isTextual()).isTrue();
        });
        assertThat(result.path("found").path("results").findValuesAsText("name")).as("models.search").contains("echo");
        assertThat(result.path("collections").path("results").isArray()).as("collections.list").isTrue();
        assertThat(result.path("trainings").path("results").isArray()).as("trainings.list").isTrue();
        assertThat(result.path("account").path("username").asText()).isEqualTo("acme");
        assertThat(result.path("account").path("type").asText()).isIn("user", "organization");
    }

    @Test
    void shouldMakePredictionsThroughADeploymentWhenOneIsManaged() throws Exception {
        JsonNode result = client.scenario("deployments", Map.of("hardware", "cpu", "text", TEXT));

        assertThat(result.path("created").path("owner").asText()).isEqualTo("acme");
        assertThat(result.path("read")).as("get right after create").isEqualTo(result.path("created"));
        assertThat(result.path("prediction").path("deployment").asText()).isEqualTo("acme/prod-echo");
        assertThat(result.path("prediction").path("version")).isEqualTo(result.path("version"));
        assertThat(text(result.path("done").path("output"))).as("output").isEqualTo(TEXT);
        JsonNode release = result.path("updated").path("current_release");
        assertThat(release.path("number").asInt()).as("releases").isEqualTo(2);
        assertThat(release.path("configuration").path("max_instances").asInt()).isEqualTo(3);
        assertThat(result.path("listed").path("results").findValuesAsText("name")).contains("prod-echo");
        assertThat(result.path("deleted").asBoolean()).as("delete").isTrue();
        assertThat(result.path("left").path("results").findValuesAsText("name")).doesNotContain("prod-echo");
    }

    @Test
    void shouldThrowApiErrorsWithTheStatusWhenRequestsAreWrong() throws Exception {
        JsonNode result = client.scenario("errors", Map.of());

        assertApiError(result.path("badVersion"), 422);
        assertApiError(result.path("badModel"), 404);
        assertApiError(result.path("badInput"), 422);
        assertThat(result.path("badInput").path("message").asText()).as("names the field").contains("seconds");
        assertApiError(result.path("badToken"), 401);
        assertApiError(result.path("badPrediction"), 404);
        assertApiError(result.path("badFile"), 404);
    }

    private static void assertApiError(JsonNode attempt, int status) {
        assertThat(attempt.path("name").asText()).as("%s", attempt).isEqualTo("ApiError");
        assertThat(attempt.path("status").asInt()).as("%s", attempt).isEqualTo(status);
    }

    private static JsonNode createWithWebhook(
            WebhookReceiver receiver, String path, Map<String, ?> input, List<String> filter) throws Exception {
        Map<String, Object> arguments = new java.util.HashMap<>(Map.of("input", input, "webhook", receiver.url(path)));
        if (!filter.isEmpty()) {
            arguments.put("filter", filter);
        }
        return client.scenario("webhook-create", arguments).path("done");
    }

    private static void awaitCompleted(WebhookReceiver receiver, String path) {
        await("completed webhook at " + path).atMost(WEBHOOK_LIMIT).untilAsserted(() ->
                assertThat(statuses(receiver, path)).containsAnyOf("succeeded", "failed"));
    }

    private static List<String> statuses(WebhookReceiver receiver, String path) throws IOException {
        List<String> statuses = new ArrayList<>();
        for (Delivery delivery : receiver.deliveries(path)) {
            statuses.add(new com.fasterxml.jackson.databind.ObjectMapper().readTree(delivery.body()).path("status").asText());
        }
        return statuses;
    }

    private static String get(RunningAuspex auspex, JsonNode prediction) throws Exception {
        return auspex.api("acme").get("/v1/predictions/" + prediction.path("id").asText()).text();
    }

    private static String otherToken() {
        return Launch.TOKENS.getOrDefault("other", "");
    }

    private static String output(JsonNode events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> {
            if (event.path("event").asText().equals("output")) {
                text.append(event.path("data").asText());
            }
        });
        return text.toString();
    }

    /** A yielding model's output is a list of pieces. */
    private static String text(JsonNode output) {
        return output.isArray() ? String.join("", texts(output)) : output.asText();
    }

    private static List<String> texts(JsonNode array) {
        return array == null ? List.of()
                : StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
    }
}
