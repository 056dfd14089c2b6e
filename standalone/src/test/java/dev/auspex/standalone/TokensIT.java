package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.topic.Topics;
import dev.auspex.runtime.kafka.KafkaClients;
import dev.auspex.testing.KafkaExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens and accounts over two gateways; alice administers, bob does not. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokensIT {

    private static final String CREATE = "{\"version\":\"acme/painter\",\"input\":{\"prompt\":\"a cat\"}}";
    private static final String BOB = "Bearer " + Edge.OTHER_TOKEN;

    private KafkaClients kafka;
    private Edge edge;

    @BeforeAll
    void start(KafkaClients clients, Topics topics, @TempDir Path data) throws Exception {
        kafka = clients;
        edge = Edge.start(clients, topics, data);
    }

    @AfterAll
    void stop() throws Exception {
        edge.close();
    }

    private HttpResponse<String> send(String method, int gateway, String path, String body, String authorization)
            throws Exception {
        return edge.send(method, gateway, path, body, "Authorization", authorization).get(30, TimeUnit.SECONDS);
    }

    private JsonNode token(String body, String authorization) throws Exception {
        HttpResponse<String> made = send("POST", 0, "/v1/tokens", body, authorization);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return Edge.json(made);
    }

    private int status(String method, int gateway, String path, JsonNode token) throws Exception {
        return send(method, gateway, path, method.equals("POST") ? CREATE : "", "Bearer " + token.get("token").asText())
                .statusCode();
    }

    @Test
    void shouldDoWhatItsScopesSayOnEveryGatewayWhenATokenIsMade() throws Exception {
        JsonNode made = token("{\"name\":\"reader\",\"scopes\":[\"predictions:read\"]}", BOB);

        assertThat(made.get("account").asText()).isEqualTo("bob");
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() ->
                assertThat(status("GET", 1, "/v1/predictions", made)).isEqualTo(200));
        assertThat(status("GET", 0, "/v1/account", made)).as("needs no scope").isEqualTo(200);
        for (String closed : List.of("/v1/files", "/v1/usage", "/v1/%75sage", "/usage", "/v1/v1/usage", "/v1/tokens",
                "/v1/webhooks/default/secret", "/v1/accounts")) {
            assertThat(status("GET", 0, closed, made)).as(closed).isEqualTo(403);
        }
        assertThat(status("POST", 0, "/v1/predictions", made)).isEqualTo(403);
        assertThat(status("POST", 0, "/v1/models/acme/painter/predictions", made)).isEqualTo(403);
        assertThat(send("GET", 0, "/v1/files", "", "Token " + made.get("token").asText()).body())
                .contains("does not have the scope \\\"files\\\"");
        await().untilAsserted(() -> assertThat(
                        Edge.json(send("GET", 1, "/v1/tokens/" + made.get("id").asText(), "", BOB)).get("last_used_on").asText())
                .isEqualTo(Instant.now().toString().substring(0, 10)));
    }

    @Test
    void shouldLetNobodyInWhenATokenIsRevokedOrHasExpired() throws Exception {
        JsonNode revoked = token("{}", BOB);
        JsonNode expiring = token("{\"expires_at\":\"" + Instant.now().plusSeconds(2) + "\"}", BOB);
        assertThat(status("GET", 0, "/v1/predictions", revoked)).isEqualTo(200);
        String path = "/v1/tokens/" + revoked.get("id").asText();

        assertThat(send("DELETE", 0, path, "", BOB).statusCode()).isEqualTo(204);
        assertThat(send("DELETE", 0, path, "", BOB).statusCode()).as("again").isEqualTo(204);

        assertThat(status("GET", 0, "/v1/predictions", revoked)).isEqualTo(401);
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() ->
                assertThat(status("GET", 1, "/v1/predictions", revoked)).isEqualTo(401));
        assertThat(Edge.json(send("GET", 0, path, "", BOB)).get("revoked_at").isTextual()).isTrue();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() ->
                assertThat(status("GET", 0, "/v1/predictions", expiring)).isEqualTo(401));
        assertThat(send("GET", 0, "/v1/predictions", "", "Bearer auspex_guess").statusCode()).isEqualTo(401);
    }

    @Test
    void shouldGiveNoMoreThanItHasWhenATokenMakesAnother() throws Exception {
        JsonNode maker = token("{\"scopes\":[\"tokens\",\"files\"]}", BOB);
        String authorization = "Bearer " + maker.get("token").asText();

        HttpResponse<String> more = send("POST", 0, "/v1/tokens", "{\"scopes\":[\"usage\"]}", authorization);
        assertThat(more.statusCode()).isEqualTo(422);
        assertThat(Edge.json(more).at("/invalid_fields/0/field").asText()).isEqualTo("scopes");
        assertThat(send("POST", 0, "/v1/tokens", "{\"scopes\":[\"admin\"]}", BOB).statusCode()).isEqualTo(422);
        assertThat(Edge.json(send("POST", 0, "/v1/tokens", "{}", authorization)).get("scopes").toString())
                .isEqualTo("[\"files\"]");
        assertThat(send("POST", 0, "/v1/tokens", "{\"account\":\"alice\"}", BOB).statusCode()).isEqualTo(403);
    }

    @Test
    void shouldServeANewAccountWhenAnAdministratorMakesOne() throws Exception {
        HttpResponse<String> made = send("POST", 0, "/v1/accounts", "{\"username\":\"carol\"}", "Bearer " + Edge.TOKEN);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        JsonNode carol = token("{\"account\":\"carol\"}", "Bearer " + Edge.TOKEN);

        assertThat(Edge.json(send("GET", 0, "/v1/account", "", "Bearer " + carol.get("token").asText()))
                .get("username").asText()).isEqualTo("carol");
        assertThat(status("POST", 0, "/v1/predictions", carol)).isEqualTo(201);
        assertThat(Edge.json(send("GET", 0, "/v1/tokens?account=carol", "", "Bearer " + Edge.TOKEN)).get("results")).hasSize(1);
        assertThat(send("GET", 0, "/v1/tokens?account=carol", "", BOB).statusCode()).isEqualTo(403);
        assertThat(send("GET", 0, "/v1/tokens/" + carol.get("id").asText(), "", BOB).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", 0, "/v1/tokens/" + carol.get("id").asText(), "", BOB).statusCode()).isEqualTo(404);

        HttpResponse<String> limited = send(
                "PATCH", 0, "/v1/accounts/carol", "{\"limits\":{\"creates\":1}}", "Bearer " + Edge.TOKEN);
        assertThat(Edge.json(limited).at("/limits/creates").asInt()).isEqualTo(1);
        assertThat(status("POST", 0, "/v1/predictions", carol)).as("the first of its minute").isEqualTo(201);
        assertThat(status("POST", 0, "/v1/predictions", carol)).isEqualTo(429);
        assertThat(send("POST", 0, "/v1/predictions", CREATE, BOB).statusCode()).as("others have no limit").isEqualTo(201);
    }

    @Test
    void shouldRefuseMoreWhenTooMuchOfAnAccountWaits() throws Exception {
        send("POST", 0, "/v1/accounts", "{\"username\":\"frank\",\"limits\":{\"queued\":2}}", "Bearer " + Edge.TOKEN);
        JsonNode frank = token("{\"account\":\"frank\"}", "Bearer " + Edge.TOKEN);
        for (int i = 0; i < 2; i++) {
            assertThat(status("POST", 0, "/v1/predictions", frank)).isEqualTo(201);
        }

        await().untilAsserted(() -> {
            HttpResponse<String> refused = send(
                    "POST", 1, "/v1/predictions", "not even JSON", "Bearer " + frank.get("token").asText());
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(refused.body()).contains("2 predictions of this account wait for their start, 2 may");
        });
        JsonNode waiting = Edge.json(send("GET", 0, "/v1/predictions", "", "Bearer " + frank.get("token").asText()));
        send("POST", 0, "/v1/predictions/" + waiting.at("/results/0/id").asText() + "/cancel", "",
                "Bearer " + frank.get("token").asText());
        await().untilAsserted(() -> assertThat(status("POST", 1, "/v1/predictions", frank)).isEqualTo(201));
        assertThat(send("POST", 1, "/v1/predictions", CREATE, BOB).statusCode()).as("others may").isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "tokens,`{\"scopes\":[\"root\"]}`,scopes", "tokens,`{\"scopes\":\"files\"}`,scopes", "tokens,`{\"scopes\":[]}`,scopes",
        "tokens,`{\"expires_at\":\"2020-01-01T00:00:00Z\"}`,expires_at", "tokens,`{\"expires_at\":7}`,expires_at",
        "tokens,`{\"name\":\"\"}`,name", "tokens,`{\"colour\":1}`,colour", "tokens,`{\"account\":\"nobody\"}`,account",
        "tokens,`{\"account\":\"No/body\"}`,account", "tokens,`[]`,``", "tokens,`{\"scopes\":[7]}`,scopes.0",
        "replays,`{\"filter\":{\"colour\":1}}`,filter.colour", "replays,`{\"rate\":1e999}`,rate", "accounts,`{}`,username",
        "accounts,`{\"username\":\"bob\"}`,username", "accounts,`{\"username\":\"../x\"}`,username",
        "accounts,`{\"username\":\"dora\",\"limits\":{\"queued\":-1}}`,limits.queued",
        "accounts,`{\"username\":\"dora\",\"limits\":{\"reads\":1.5}}`,limits.reads",
        "accounts,`{\"username\":\"dora\",\"limits\":7}`,limits"})
    void shouldNameTheFieldWhenARequestCannotBeRead(String what, String body, String field) throws Exception {
        HttpResponse<String> refused = send("POST", 0, "/v1/" + what, body, "Bearer " + Edge.TOKEN);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(Edge.json(refused).at("/invalid_fields/0/field").asText()).isEqualTo(field);
    }

    @Test
    void shouldKeepOnlyHashesInKafkaWhenTokensAreMade() throws Exception {
        JsonNode made = token("{\"name\":\"kept\"}", BOB);

        List<String> records = records();
        assertThat(records).anyMatch(record -> record.contains(made.get("id").asText()) && record.contains("\"kept\""));
        assertThat(records).noneMatch(record -> record.contains(made.get("token").asText()));
    }

    @Test
    void shouldShowTheTokenOnceWhenItIsMadeOnTheCommandLine() throws Exception {
        String made = command("tokens", "create", "--name", "of the night job", "--scope", "files", "--expires", "30d");
        String secret = made.lines().filter(line -> line.startsWith("auspex_")).findFirst().orElseThrow();

        assertThat(edge.get(0, "/v1/files", "Authorization", "Bearer " + secret).statusCode()).isEqualTo(200);
        String listed = command("tokens", "list");
        assertThat(listed).contains("of the night job", "files").doesNotContain(secret);
        String id = listed.lines().filter(line -> line.contains("of the night job")).findFirst().orElseThrow().split(" ")[0];
        assertThat(command("tokens", "revoke", id)).contains(id + " is revoked");
        assertThat(edge.get(0, "/v1/files", "Authorization", "Bearer " + secret).statusCode()).isEqualTo(401);
        assertThat(command("accounts", "create", "erin", "--queued", "5")).contains("erin");
        assertThat(command("accounts", "list")).contains("alice", "erin", "queued=5");
    }

    private String command(String group, String command, String... options) {
        StringWriter said = new StringWriter();
        List<String> args = new ArrayList<>(List.of(group, command, "--url", edge.base(0), "--token", Edge.TOKEN));
        args.addAll(List.of(options));
        int code = Auspex.commandLine().setOut(new PrintWriter(said)).execute(args.toArray(String[]::new));
        assertThat(code).as(said.toString()).isZero();
        return said.toString();
    }

    private List<String> records() {
        List<TopicPartition> partitions = IntStream.range(0, edge.topics().settings().partitions())
                .mapToObj(partition -> new TopicPartition(edge.topics().access(), partition))
                .toList();
        try (KafkaConsumer<String, byte[]> reader = kafka.consumer("access-reader", Map.of("fetch.max.wait.ms", 20))) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            List<String> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends.get(partition))) {
                reader.poll(Duration.ofMillis(50))
                        .forEach(record -> records.add(new String(record.value(), StandardCharsets.UTF_8)));
            }
            return records;
        }
    }
}
