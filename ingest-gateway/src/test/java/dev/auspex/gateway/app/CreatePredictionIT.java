package dev.auspex.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.Job;
import dev.auspex.protocol.PredictionId;
import dev.auspex.protocol.Webhook;
import dev.auspex.protocol.WebhookEvent;
import dev.auspex.protocol.catalog.ModelVersion;
import dev.auspex.protocol.json.Json;
import dev.auspex.protocol.json.Serdes;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CreatePredictionIT {

    private static final ModelVersion ECHO = TestModels.ECHO.latest();
    private static final String HELLO = "{\"version\":\"" + ECHO.id() + "\",\"input\":{\"prompt\":\"hello\"}}";

    private RunningGateway gateway;
    private Topics topics;

    @BeforeAll
    void start(KafkaClients kafka, Topics topics) throws Exception {
        this.topics = topics;
        RunningGateway.publish(kafka, topics, TestModels.ECHO, TestModels.PAINTER, TestModels.GIANT);
        gateway = RunningGateway.start(kafka, topics, Map.of("webhook.allow", "127.0.0.1/32:9999"));
    }

    @AfterAll
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void shouldWriteTheWholeRequestAsOneJobWhenEverythingIsGiven() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        HttpResponse<String> response = gateway.post(
                "/v1/predictions",
                """
                {"version":"auspex/echo:%s","input":{"prompt":"Grüße 🚲","seconds":1.50,"options":{"depth":3}},
                 "webhook":"https://hooks.example.com/in?id=7","webhook_events_filter":["completed","start"],
                 "stream":true}""".formatted(ECHO.id()),
                "Cancel-After", "1h30m",
                "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        JsonNode shown = RunningGateway.json(response);
        ConsumerRecord<String, byte[]> record = gateway.records(List.of(topics.jobs(new HardwareClass("gpu-h100"))))
                .stream().filter(r -> r.key().equals(shown.get("id").asText())).findFirst().orElseThrow();
        Job job = Serdes.JOB.deserialize(record.value());
        String get = gateway.base() + "/v1/predictions/" + job.id();
        assertThat(record.partition()).isEqualTo(topics.partitionOf(job.id()));
        assertThat(job.account()).isEqualTo(new AccountId("alice"));
        assertThat(job.model()).isEqualTo(TestModels.ECHO.name());
        assertThat(job.version()).isEqualTo(ECHO.id());
        assertThat(job.runner()).isEqualTo(ECHO.runner());
        assertThat(job.hardware()).as("the first class that this installation has").hasToString("gpu-h100");
        assertThat(job.input()).hasToString("{\"prompt\":\"Grüße 🚲\",\"seconds\":1.5,\"options\":{\"depth\":3}}");
        assertThat(job.webhook()).isEqualTo(new Webhook(
                "https://hooks.example.com/in?id=7", List.of(WebhookEvent.COMPLETED, WebhookEvent.START)));
        assertThat(job.createdAt()).isBetween(before, Instant.now()).isEqualTo(job.id().createdAt());
        assertThat(job.deadline()).isEqualTo(job.createdAt().plus(Duration.ofMinutes(90)));
        assertThat(job.source()).isEqualTo("api");
        assertThat(job.baseUrl()).isEqualTo(gateway.base());
        assertThat(job.urls().get()).isEqualTo(get);
        assertThat(job.urls().web()).isEqualTo(get);
        assertThat(job.urls().cancel()).isEqualTo(get + "/cancel");
        assertThat(job.urls().stream()).isEqualTo(gateway.base() + "/v1/streams/alice." + job.id() + "."
                + RunningGateway.SECRET.sign("stream", "alice/" + job.id()));
        assertThat(job.attempt()).isZero();
        assertThat(job.traceparent()).isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        assertThat(response.headers().firstValue("location")).hasValue(get);
        assertThat(shown.get("status").asText()).isEqualTo("starting");
        assertThat(shown.get("output").isNull()).isTrue();
        assertThat(shown.get("logs").asText()).isEmpty();
        assertThat(shown.get("input").get("prompt").asText()).isEqualTo("Grüße 🚲");
        assertThat(shown.get("webhook_events_filter")).hasToString("[\"completed\",\"start\"]");
        assertThat(shown.get("urls").get("stream").asText()).isEqualTo(job.urls().stream());
        assertThat(shown.get("deadline").asText()).isEqualTo(job.deadline().toString());
    }

    @Test
    void shouldLeaveOutWhatWasNotAskedForWhenTheRequestIsMinimal() throws Exception {
        Job job = created(gateway.post("/v1/models/acme/painter/predictions", "{\"input\":{}}"));

        assertThat(job.version()).as("the newest version").isEqualTo(TestModels.PAINTER.latest().id());
        assertThat(job.hardware()).hasToString("cpu");
        assertThat(job.webhook()).isNull();
        assertThat(job.deadline()).isNull();
        assertThat(job.traceparent()).isNull();
        assertThat(job.urls().stream()).as("not an iterator model").isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/predictions", "/predictions", "/v1/v1/predictions"})
    void shouldCreateWhenTheBaseUrlHasAnyOfItsForms(String path) throws Exception {
        assertThat(created(gateway.post(path, HELLO)).urls().get()).startsWith(gateway.base() + "/v1/predictions/");
    }

    @Test
    void shouldTakeEveryFormOfAVersionWhenCreating() throws Exception {
        String old = TestModels.PAINTER.versions().getLast().id().value();
        for (String version : List.of(old, "acme/painter:" + old)) {
            Job job = created(gateway.post("/v1/predictions", "{\"version\":\"" + version + "\",\"input\":{\"a\":1}}"));
            assertThat(job.version()).hasToString(old);
        }
        Job newest = created(gateway.post("/v1/predictions", "{\"version\":\"acme/painter\",\"input\":{}}"));
        assertThat(newest.version()).isEqualTo(TestModels.PAINTER.latest().id());
    }

    @Test
    void shouldSendOnlyTheEndWhenTheLegacyWebhookFieldIsUsed() throws Exception {
        Job job = created(gateway.post("/v1/predictions", HELLO.replace(
                "{\"version\"", "{\"webhook_completed\":\"http://127.0.0.1:9999/x\",\"version\"")));

        assertThat(job.webhook()).isEqualTo(new Webhook("http://127.0.0.1:9999/x", List.of(WebhookEvent.COMPLETED)));
    }

    @Test
    void shouldUseThePublicAddressInLinksWhenTheHostHeaderIsForged() throws Exception {
        String[] answer = rawPost("Host: evil.example'(x)").split("\r\n\r\n", 2);

        assertThat(answer[0]).startsWith("HTTP/1.1 201");
        Job job = job(Json.parse(answer[1].getBytes(StandardCharsets.UTF_8)));

        assertThat(job.urls().get()).startsWith("http://localhost:" + gateway.gateway.port() + "/v1/");
    }

    @Test
    void shouldAnswerWithAProblemWhenTheRequestIsNotHttp() throws Exception {
        assertThat(rawPost("Host: evil.example\"><script>")).startsWith("HTTP/1.1 400").contains("\"status\":400");
        assertThat(rawPost("Host: x\r\nX-Long: " + "y".repeat(20_000))).startsWith("HTTP/1.1 431");
        assertThat(rawPost("Host: x\r\nnonsense\u0000")).startsWith("HTTP/1.1 400").contains("problem+json");
    }

    @ParameterizedTest(name = "{index}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {                                                         | 400 |
            {"version":"V","input":{"prompt":"x"}} trailing           | 400 |
            {"version":"V","input":{"prompt":"x","prompt":"y"}}       | 400 |
            []                                                        | 422 | ``
            ``                                                        | 422 | version
            {"input":{"prompt":"x"}}                                  | 422 | version
            {"version":5,"input":{"prompt":"x"}}                      | 422 | version
            {"version":"nope","input":{"prompt":"x"}}                 | 422 | version
            {"version":"acme/absent","input":{"prompt":"x"}}          | 422 | version
            {"version":"acme/painter:V","input":{"prompt":"x"}}       | 422 | version
            {"version":"acme/giant","input":{}}                       | 422 | version
            {"version":"V"}                                           | 422 | input
            {"version":"V","input":null}                              | 422 | input
            {"version":"V","input":"x"}                               | 422 | input
            {"version":"V","input":{}}                                | 422 | input.prompt
            {"version":"V","input":{"prompt":5}}                      | 422 | input.prompt
            {"version":"V","input":{"prompt":""}}                     | 422 | input.prompt
            {"version":"V","input":{"prompt":"x","promt":1}}          | 422 | input.promt
            {"version":"V","input":{"prompt":"x","seconds":61}}       | 422 | input.seconds
            {"version":"V","input":{"prompt":"x","seconds":1e999}}    | 422 | input.seconds
            {"version":"V","input":{},"webhook_events_filter":[1e999]} | 422 | webhook_events_filter.0
            {"version":1e999,"input":{}}                              | 422 | version
            {"version":"V","input":{"prompt":"x","count":1.5}}        | 422 | input.count
            {"version":"V","input":{"prompt":"x","mode":"shy"}}       | 422 | input.mode
            {"version":"V","input":{"prompt":"x","image":"/etc/x"}}   | 422 | input.image
            {"version":"V","input":{"prompt":"x","images":["a:b"]}}   | 422 | input.images.0
            {"version":"V","input":{"prompt":"x","options":{"depth":"d"}}} | 422 | input.options.depth
            {"version":"V","input":{"auth":"t","userAgent":"u","baseUrl":"b"}} | 422 | input
            {"version":"V","input":{"prompt":"x"},"extra":1}          | 422 | extra
            {"version":"V","input":{"prompt":"x"},"stream":"yes"}     | 422 | stream
            {"version":"V","input":{"prompt":"x"},"webhook":5}        | 422 | webhook
            {"version":"V","input":{"prompt":"x"},"webhook":""}       | 422 | webhook
            {"version":"V","input":{"prompt":"x"},"webhook":"/path"}  | 422 | webhook
            {"version":"V","input":{"prompt":"x"},"webhook":"ftp://example.com/"}         | 422 | webhook
            {"version":"V","input":{"prompt":"x"},"webhook":"https://u:p@example.com/"}   | 422 | webhook
            {"version":"V","input":{"prompt":"x"},"webhook":"http://169.254.169.254/x"}   | 422 | webhook
            {"version":"V","input":{"prompt":"x"},"webhook":"http://127.0.0.1:9998/x"}    | 422 | webhook
            {"version":"V","input":{"prompt":"x"},"webhook":"http://[::1]:9999/x"}        | 422 | webhook
            {"version":"V","input":{"prompt":"x"},"webhook":"http://0x7f000001/x"}        | 422 | webhook
            {"version":"V","input":{"prompt":"x"},"webhook":"http://localhost:9998/x"}    | 422 | webhook
            {"version":"V","input":{"prompt":"x"},"webhook_completed":"http://10.0.0.1/"} | 422 | webhook_completed
            {"version":"V","input":{"prompt":"x"},"webhook_events_filter":"completed"}    | 422 | webhook_events_filter
            {"version":"V","input":{"prompt":"x"},"webhook_events_filter":["complete"]}   | 422 | webhook_events_filter.0
            """)
    void shouldRefuseAndWriteNothingWhenTheBodyIsWrong(String body, int status, String field) throws Exception {
        long before = gateway.written();
        HttpResponse<String> response = gateway.post(
                "/v1/predictions", body == null ? "" : body.replace("V\"", ECHO.id() + "\""));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonNode problem = RunningGateway.json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("detail").asText()).isNotBlank();
        if (status == 422) {
            assertThat(problem.get("invalid_fields").findValuesAsText("field")).contains(field == null ? "" : field);
        }
        assertThat(gateway.written()).isEqualTo(before);
    }

    @Test
    void shouldNameEveryWrongFieldWhenThereAreSeveral() throws Exception {
        JsonNode problem = RunningGateway.json(gateway.post("/v1/models/auspex/echo/predictions",
                "{\"input\":{\"prompt\":1,\"seconds\":-1,\"typo\":true}}"));

        assertThat(problem.get("title").asText()).isEqualTo("Input validation failed");
        assertThat(problem.get("type").asText()).isEqualTo("invalid-request");
        assertThat(problem.get("invalid_fields").findValuesAsText("field"))
                .containsExactlyInAnyOrder("input.prompt", "input.seconds", "input.typo");
        assertThat(problem.get("invalid_fields").findValuesAsText("type"))
                .containsExactlyInAnyOrder("invalid_type", "number_gte", "additional_property_not_allowed");
        assertThat(problem.get("detail").asText().lines()).hasSize(3).allMatch(line -> line.startsWith("- input."));
    }

    @Test
    void shouldNotRepeatTheTokenWhenTheJavaScriptClientSendsItself() throws Exception {
        HttpResponse<String> response = gateway.post("/v1/models/auspex/echo/predictions",
                "{\"input\":{\"auth\":\"r8_secret\",\"userAgent\":\"replicate-javascript/1.4.0\",\"baseUrl\":\"x\"}}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("data-uri").doesNotContain("r8_secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "4s", "86401", "25h", "1d", "", "1h30", "-5", "soon"})
    void shouldRefuseAndWriteNothingWhenTheDeadlineIsWrong(String cancelAfter) throws Exception {
        long before = gateway.written();
        HttpResponse<String> response = gateway.post("/v1/predictions", HELLO, "Cancel-After", cancelAfter);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(RunningGateway.json(response).at("/invalid_fields/0/field").asText()).isEqualTo("Cancel-After");
        assertThat(gateway.written()).isEqualTo(before);
    }

    @Test
    void shouldAnswer404WhenTheModelOfTheRouteDoesNotExist() throws Exception {
        HttpResponse<String> response = gateway.post("/v1/models/acme/absent/predictions", "{\"input\":{}}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(RunningGateway.json(response).get("type").asText()).isEqualTo("not-found");
    }

    @Test
    void shouldRefuseWhenTheBodyIsTooLarge() throws Exception {
        long before = gateway.written();
        String body = "{\"version\":\"" + ECHO.id() + "\",\"input\":{\"prompt\":\"" + "x".repeat(70_000) + "\"}}";

        HttpResponse<String> declared = gateway.post("/v1/predictions", body);
        HttpResponse<String> chunked = gateway.send(gateway.request("/v1/predictions")
                .POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(body)))
                .build());

        assertThat(declared.statusCode()).isEqualTo(413);
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(RunningGateway.json(declared).get("detail").asText()).contains("65536");
        assertThat(gateway.written()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"'',401", "Bearer wrong,401", "Basic r8_alice,401", "Bearer,401", "r8_alice,401",
        "Bearer r8_alice,201", "bearer r8_bob,201", "Token r8_alice,201", "TOKEN r8_alice,201"})
    void shouldAskForATokenWhenCreating(String authorization, int status) throws Exception {
        long before = gateway.written();
        HttpResponse<String> response = gateway.post("/v1/predictions", HELLO, "Authorization", authorization);

        assertThat(response.statusCode()).isEqualTo(status);
        if (status == 401) {
            JsonNode problem = RunningGateway.json(response);
            assertThat(problem.get("title").asText()).isEqualTo("Unauthenticated");
            assertThat(problem.get("detail").asText()).contains("authentication token");
            assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(gateway.written()).isEqualTo(before);
        }
    }

    @Test
    void shouldAnswerWithTheRealObjectWhenThePredictionEndsWithinTheWait() throws Exception {
        CompletableFuture<HttpResponse<String>> response =
                gateway.postAsync("/v1/predictions", HELLO.replace("hello", "wait for me"), "Prefer", "wait=20");
        Job job = Awaitility.await().until(() -> gateway.jobs().stream()
                .filter(j -> j.input().path("prompt").asText().equals("wait for me")).findFirst().orElse(null),
                found -> found != null);
        gateway.router.put(RouterStandIn.succeeded(job));

        HttpResponse<String> answer = response.get(10, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("preference-applied")).hasValue("wait=20");
        assertThat(answer.headers().firstValue("location")).hasValue(job.urls().get());
        assertThat(RunningGateway.json(answer).get("status").asText()).isEqualTo("succeeded");
        assertThat(RunningGateway.json(answer).get("output").asText()).isEqualTo("wait for me");
    }

    @Test
    void shouldAnswer202StartingWhenTheWaitRunsOutWhileThePredictionRuns() throws Exception {
        long begin = System.nanoTime();
        HttpResponse<String> answer = gateway.post("/v1/predictions", HELLO, "Prefer", "wait=1");

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("preference-applied")).hasValue("wait=1");
        assertThat(RunningGateway.json(answer).get("status").asText()).isEqualTo("starting");
    }

    @Test
    void shouldTellTheRouterWhenAWaitingClientGoesAway() throws Exception {
        int before = gateway.router.abandoned.get();
        int asked = gateway.router.asked.size();
        CompletableFuture<HttpResponse<String>> response =
                gateway.postAsync("/v1/predictions", HELLO, "Prefer", "wait");
        Awaitility.await().untilAsserted(() -> assertThat(gateway.router.asked).hasSizeGreaterThan(asked));
        response.cancel(true);

        Awaitility.await().untilAsserted(() -> assertThat(gateway.router.abandoned.get()).isGreaterThan(before));
    }

    @Test
    void shouldServeHttp2WhenTheClientUpgrades() throws Exception {
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpRequest request = gateway.request("/v1/predictions")
                    .POST(HttpRequest.BodyPublishers.ofString(HELLO)).build();
            for (int i = 0; i < 3; i++) {
                assertThat(created(http.send(request, HttpResponse.BodyHandlers.ofString())).urls().get())
                        .startsWith(gateway.base());
            }
        }
    }

    @Test
    void shouldAskForTheBodyWhenTheClientWaitsForPermission() throws Exception {
        created(gateway.send(gateway.request("/v1/predictions").expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofString(HELLO)).build()));
    }

    @Test
    void shouldCountWhatItCreatedWhenAsked() throws Exception {
        created(gateway.post("/v1/predictions", HELLO));

        assertThat(gateway.get("/metrics").body())
                .contains("auspex_predictions_accepted_total{model=\"auspex/echo\"}")
                .contains("auspex_http_requests_seconds_count{route=\"/v1/predictions\",status=\"201\"}");
    }

    @Test
    void shouldTimeRefusalsUnderTheirRouteWhenAsked() throws Exception {
        gateway.post("/v1/models/acme/absent/predictions", "{\"input\":{}}");

        assertThat(gateway.get("/metrics").body()).contains(
                "auspex_http_requests_seconds_count{route=\"/v1/models/:owner/:name/predictions\",status=\"404\"}");
    }

    private String rawPost(String hostHeader) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", gateway.gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(("POST /v1/predictions HTTP/1.1\r\n" + hostHeader
                    + "\r\nAuthorization: Bearer " + RunningGateway.TOKEN + "\r\nConnection: close\r\nContent-Length: "
                    + HELLO.length() + "\r\n\r\n" + HELLO).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Job created(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return job(RunningGateway.json(response));
    }

    private Job job(JsonNode shown) {
        PredictionId id = new PredictionId(shown.get("id").asText());
        return gateway.jobs().stream().filter(job -> job.id().equals(id)).findFirst().orElseThrow();
    }
}
