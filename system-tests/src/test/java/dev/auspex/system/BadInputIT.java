package dev.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.system.Api.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything a client can get wrong: the right 4xx, a problem document that names the field, and nothing accepted. */
@ExtendWith(SharedAuspex.class)
class BadInputIT {

    private static final String ECHO = "/v1/models/auspex/echo/predictions";
    private static final String UNKNOWN_ID = "00000000000000000000000000";

    private static String newestBefore = "";
    private static double createdBefore;

    /**
     * One wrong request.
     *
     * @param account whose token is sent; empty for none
     * @param field what {@code invalid_fields} has to name; empty when nothing can be named
     */
    record Case(String name, String account, String method, String path, String body, int status, String field) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void remember(RunningAuspex auspex) throws Exception {
        newestBefore = newest(auspex);
        createdBefore = created(auspex);
    }

    @AfterAll
    static void shouldHaveAcceptedNothing(RunningAuspex auspex) throws Exception {
        assertThat(newest(auspex)).as("newest prediction").isEqualTo(newestBefore);
        assertThat(created(auspex)).as("predictions accepted into Kafka").isEqualTo(createdBefore);
    }

    static Stream<Case> wrongCreates() {
        return Stream.of(
                create("unknown version", "{\"version\":\"" + "0".repeat(64) + "\",\"input\":{}}", 422, ""),
                create("version of no form", "{\"version\":\"latest\",\"input\":{}}", 422, ""),
                create("version missing", "{\"input\":{}}", 422, "version"),
                create("version of the wrong type", "{\"version\":7,\"input\":{}}", 422, "version"),
                echo("unknown input key", "{\"text\":\"a\",\"colour\":\"red\"}", "input.colour"),
                echo("input key of the wrong type", "{\"text\":\"a\",\"seconds\":\"long\"}", "input.seconds"),
                echo("input key out of bounds", "{\"text\":\"a\",\"seconds\":-1}", "input.seconds"),
                echo("input that is no object", "[1]", "input"),
                body("input missing", "{}", "input"),
                body("unknown body key", "{\"input\":{\"text\":\"a\"},\"priority\":1}", "priority"),
                create("required input missing", "{\"version\":\"auspex/motion-video\",\"input\":{}}", 422, "input.image"),
                webhook("webhook without a scheme", "\"example.com/hook\""),
                webhook("webhook of a foreign scheme", "\"ftp://example.com/hook\""),
                webhook("webhook that is no text", "5"),
                webhook("webhook to a private address", "\"http://10.0.0.1/hook\""),
                webhook("webhook to the metadata address", "\"http://169.254.169.254/latest\""),
                webhook("webhook to a private IPv6 address", "\"http://[fd00::1]/hook\""),
                body("filter with an unknown event",
                        "{\"input\":{\"text\":\"a\"},\"webhook\":\"http://127.0.0.1:9/\",\"webhook_events_filter\":[\"finished\"]}",
                        "webhook_events_filter"),
                body("filter that is no list",
                        "{\"input\":{\"text\":\"a\"},\"webhook\":\"http://127.0.0.1:9/\",\"webhook_events_filter\":\"completed\"}",
                        "webhook_events_filter"),
                create("broken JSON", "{\"version\": \"auspex/echo\", \"input\": {", 400, ""),
                create("no JSON at all", "hello", 400, ""),
                create("two JSON values", "{} {}", 400, ""),
                create("empty body", "", 422, "input"),
                create("JSON a hundred thousand levels deep", "[".repeat(100_000), 400, ""));
    }

    static Stream<Case> wrongRequests() {
        return Stream.of(
                new Case("no token", "", "GET", "/v1/predictions", "", 401, ""),
                new Case("unknown token", "r8_nobody", "GET", "/v1/predictions", "", 401, ""),
                new Case("create without a token", "", "POST", ECHO, "{\"input\":{\"text\":\"a\"}}", 401, ""),
                new Case("unknown route", "acme", "GET", "/v1/nothing", "", 404, ""),
                new Case("wrong method", "acme", "DELETE", "/v1/account", "", 405, ""),
                new Case("unknown prediction", "acme", "GET", "/v1/predictions/" + UNKNOWN_ID, "", 404, ""),
                new Case("id of no form", "acme", "GET", "/v1/predictions/..%2F..%2Fetc", "", 404, ""),
                new Case("cancel of an unknown prediction", "acme", "POST", "/v1/predictions/" + UNKNOWN_ID + "/cancel", "", 404, ""),
                new Case("unknown model", "acme", "GET", "/v1/models/auspex/nothing", "", 404, ""),
                new Case("create on an unknown model", "acme", "POST", "/v1/models/auspex/nothing/predictions",
                        "{\"input\":{}}", 404, ""),
                new Case("unknown version of a model", "acme", "GET", "/v1/models/auspex/echo/versions/" + "0".repeat(64),
                        "", 404, ""),
                new Case("unknown file", "acme", "GET", "/v1/files/" + UNKNOWN_ID, "", 404, ""),
                new Case("upload that is no form", "acme", "POST", "/v1/files", "{}", 415, ""));
    }

    @ParameterizedTest
    @MethodSource({"wrongCreates", "wrongRequests"})
    void shouldRefuseWithAProblemWhenARequestIsWrong(Case wrong, RunningAuspex auspex) throws Exception {
        Reply reply = auspex.api(wrong.account()).send(
                wrong.method(), wrong.path(), Map.of("content-type", "application/json"), BodyPublishers.ofString(wrong.body()));

        assertProblem(reply, wrong.status());
        if (!wrong.field().isEmpty()) {
            JsonNode fields = reply.json().path("invalid_fields");
            assertThat(fields.findValuesAsText("field")).as("fields named in %s", reply.text())
                    .anySatisfy(field -> assertThat(field).startsWith(wrong.field()));
        }
    }

    @Test
    void shouldRefuseWithAProblemWhenABodyIsOversize(RunningAuspex auspex) throws Exception {
        String large = "{\"input\":{\"text\":\"" + "a".repeat(12 << 20) + "\"}}";

        assertProblem(auspex.api("acme").post(ECHO, large), 413);
    }

    @Test
    void shouldAnswer404WhenAPredictionBelongsToAnotherAccount(RunningAuspex auspex) throws Exception {
        String id = auspex.api("other").post(ECHO, "{\"input\":{\"text\":\"mine\"}}").json().path("id").asText();
        createdBefore += 1;

        assertThat(auspex.api("other").get("/v1/predictions/" + id).status()).as("its owner").isEqualTo(200);
        Reply read = auspex.api("acme").get("/v1/predictions/" + id);
        Reply canceled = auspex.api("acme").post("/v1/predictions/" + id + "/cancel", "");
        Reply unknown = auspex.api("acme").get("/v1/predictions/" + UNKNOWN_ID);

        assertProblem(read, 404);
        assertProblem(canceled, 404);
        assertThat(read.text()).as("tells nothing that an unknown id does not").isEqualTo(unknown.text());
    }

    @Test
    void shouldFailAndTellTheWebhookWhenTheModelThrows(RunningAuspex auspex) throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start()) {
            Reply reply = auspex.api("other").post(ECHO, "{\"input\":{\"text\":\"a\",\"fail\":\"no such colour\"},\"webhook\":\""
                    + receiver.url("/failed") + "\",\"webhook_events_filter\":[\"completed\"]}");
            createdBefore += 1;

            assertThat(reply.status()).as(reply.text()).isEqualTo(201);
            org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(20)).untilAsserted(() ->
                    assertThat(receiver.deliveries("/failed")).singleElement().satisfies(delivery -> assertThat(delivery.text())
                            .contains("\"status\":\"failed\"").contains("no such colour")));
        }
    }

    private static void assertProblem(Reply reply, int status) throws Exception {
        assertThat(reply.status()).as("answer: %s", reply.text()).isEqualTo(status);
        assertThat(reply.headers().firstValue("content-type")).hasValueSatisfying(
                type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(reply.json().path("status").asInt()).as("status in %s", reply.text()).isEqualTo(status);
        assertThat(reply.json().path("detail").asText()).as("detail in %s", reply.text()).isNotBlank()
                .doesNotContain("Exception");
    }

    private static Case create(String name, String body, int status, String field) {
        return new Case(name, "acme", "POST", "/v1/predictions", body, status, field);
    }

    private static Case body(String name, String body, String field) {
        return new Case(name, "acme", "POST", ECHO, body, 422, field);
    }

    private static Case echo(String name, String input, String field) {
        return body(name, "{\"input\":" + input + "}", field);
    }

    private static Case webhook(String name, String value) {
        return body(name, "{\"input\":{\"text\":\"a\"},\"webhook\":" + value + "}", "webhook");
    }

    private static String newest(RunningAuspex auspex) throws Exception {
        return auspex.api("acme").get("/v1/predictions").json().path("results").path(0).path("id").asText();
    }

    private static double created(RunningAuspex auspex) throws Exception {
        List<String> lines = auspex.api("").get("/metrics").text().lines()
                .filter(line -> line.startsWith("auspex_predictions_accepted_total"))
                .toList();
        return lines.stream().mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }
}
